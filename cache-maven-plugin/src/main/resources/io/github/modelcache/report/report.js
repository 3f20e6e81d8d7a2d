"use strict";
(function () {
  function each(selector, action) { Array.prototype.forEach.call(document.querySelectorAll(selector), action); }

  function copy(text, done) {
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(done, function () { byHand(text, done); });
    } else {
      byHand(text, done);
    }
  }

  function byHand(text, done) {
    var area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    document.body.appendChild(area);
    area.select();
    var copied = document.execCommand("copy");
    area.remove();
    if (copied) { done(); }
  }

  each(".cmd button", function (button) {
    var label = button.firstChild;
    button.hidden = false;
    button.addEventListener("click", function () {
      copy(button.parentNode.querySelector("code").textContent, function () {
        label.data = "Copied";
        setTimeout(function () { label.data = "Copy"; }, 2000);
      });
    });
  });

  var table = document.getElementById("list");
  if (!table) { return; }
  var body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows);

  function key(row, column) {
    var cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent.toLowerCase() : Number(cell.dataset.v);
  }

  each("#list thead th", function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") === "ascending" || (column === 1 && !head.hasAttribute("aria-sort"));
      each("#list thead th", function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      var keyed = rows.map(function (row) { return [key(row, column), row]; });
      keyed.sort(function (a, b) { return (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) * (down ? -1 : 1); });
      keyed.forEach(function (pair) { body.appendChild(pair[1]); });
    });
  });

  var filter = document.getElementById("filter");
  var shown = document.getElementById("shown");
  filter.parentNode.hidden = false;

  function apply() {
    var words = filter.value.toLowerCase().split(/\s+/);
    var count = 0;
    rows.forEach(function (row) {
      var text = row.textContent.toLowerCase();
      row.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
      if (!row.hidden) { count++; }
    });
    shown.textContent = count === rows.length ? count + " models" : count + " of " + rows.length + " models";
  }

  filter.addEventListener("input", apply);
  apply();
})();
