#!/usr/bin/env python3
"""Runs commands in a folder and draws what they print as an SVG terminal.

usage: screen.py FOLDER COMMAND... > picture.svg

Only the lines of cache-maven-plugin are drawn, up to the result of the build.
"""
import html
import re
import subprocess
import sys

WIDTH = 100
COLOURS = {"31": "#e5534b", "32": "#57ab5a", "33": "#c69026", "34": "#539bf5", "36": "#39c5cf"}
STYLE = re.compile(r"\x1b\[([0-9;]*)m")


def plugin_lines(output):
    shown = False
    for line in output.splitlines():
        text = STYLE.sub("", line)
        if "BUILD " in text:
            yield line
            return
        if text.startswith("[INFO] --- "):
            shown = " cache:" in text or ":cache-maven-plugin:" in text
        if shown and not re.fullmatch(r"\[INFO\] -*", text):
            yield line


def spans(line):
    """The line as pairs of text and style."""
    bold, colour, start = False, None, 0
    for code in STYLE.finditer(line):
        yield line[start : code.start()], (bold, colour)
        start = code.end()
        for number in code.group(1).split(";"):
            if number in ("", "0"):
                bold, colour = False, None
            bold = bold or number == "1"
            colour = COLOURS.get(number, colour)
    yield line[start:], (bold, colour)


def wrapped(line):
    cells = [(char, style) for text, style in spans(line) for char in text]
    while len(cells) > WIDTH:
        space = "".join(char for char, _ in cells[:WIDTH]).rfind(" ", 10)
        cut = space + 1 if space > 0 else WIDTH
        yield cells[:cut]
        cells = [(" ", (False, None))] * 8 + cells[cut:]
    yield cells


def drawn(cells, y):
    parts, i = [], 0
    while i < len(cells):
        j = i
        while j < len(cells) and cells[j][1] == cells[i][1]:
            j += 1
        bold, colour = cells[i][1]
        style = (' font-weight="bold"' if bold else "") + (f' fill="{colour}"' if colour else "")
        text = html.escape("".join(char for char, _ in cells[i:j]), quote=False)
        parts.append(f"<tspan{style}>{text}</tspan>" if style else text)
        i = j
    return f'<text x="16" y="{y}">{"".join(parts)}</text>'


def main(folder, commands):
    rows = []
    for command in commands:
        rows.append([(char, (True, None)) for char in "$ " + command])
        shell = command.replace("mvn", "mvn -o -ntp -Dstyle.color=always")
        output = subprocess.run(shell, shell=True, cwd=folder, stdout=subprocess.PIPE, text=True).stdout
        for line in plugin_lines(output):
            rows.extend(wrapped(line))
    height = 20 * len(rows) + 24
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {8 * WIDTH + 48} {height}" font-size="13"')
    print('  font-family="ui-monospace, Menlo, Consolas, monospace" fill="#d1d7e0" xml:space="preserve">')
    print('<rect width="100%" height="100%" rx="8" fill="#1c2128"/>')
    for number, cells in enumerate(rows):
        print(drawn(cells, 28 + 20 * number))
    print("</svg>")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
