package io.github.modelcache.report;

import io.github.modelcache.units.ByteSize;
import java.time.LocalDate;
import java.util.List;

/** The table of models. It leaves out end tags that HTML does not need, because there may be thousands of rows. */
final class ModelsSection {

    private static final int SHORT_REVISION = 12;
    private static final List<String> COLUMNS =
            List.of("Model", "Size", "State", "Revision", "Licence", "Formats", "Last used", "Declared by");

    private final Html html;
    private final ReportData data;
    private final boolean newer;

    ModelsSection(Html html, ReportData data) {
        this.html = html;
        this.data = data;
        this.newer = data.models().stream().anyMatch(model -> model.newer().isPresent());
    }

    void write() {
        html.raw("<section aria-labelledby=models><h2 id=models>Models</h2>");
        if (data.models().isEmpty()) {
            html.raw("<p class=quiet>No models are declared, and none are in the cache.</p></section>");
            return;
        }
        html.raw("<p class=filter hidden><label for=filter>Filter</label> <input id=filter type=search autocomplete=off"
                + " spellcheck=false> <output id=shown></output></p>");
        html.raw("<div class=scroll tabindex=0 role=region aria-labelledby=models><table id=list><thead><tr>");
        COLUMNS.forEach(column -> html.raw("<th scope=col" + (column.equals("Size") ? " class=n>" : ">"))
                .text(column));
        html.raw(newer ? "<th scope=col>Newer" : "").raw("</thead><tbody>");
        data.models().forEach(this::row);
        html.raw("</tbody></table></div></section>");
    }

    private void row(ReportData.Model model) {
        html.raw("\n<tr><th scope=row>").text(model.reference());
        html.raw("<td class=n data-v=" + model.bytes() + ">").text(ByteSize.format(model.bytes()));
        html.raw("<td>").raw("<span class=\"state " + (model.state().equals("complete") ? "" : "off") + "\">");
        html.text(model.state()).raw("</span>");
        html.raw("<td>").raw(model.revision().map(ModelsSection::revision).orElse("–"));
        cell(model.license().orElse("–"));
        cell(model.formats().isEmpty() ? "–" : String.join(", ", model.formats()));
        cell(model.lastUsed()
                .map(time -> LocalDate.ofInstant(time, data.zone()).toString())
                .orElse("–"));
        cell(model.declaredBy().isEmpty() ? "nobody" : String.join(", ", model.declaredBy()));
        if (newer) {
            html.raw("<td>").raw(model.newer().map(ModelsSection::revision).orElse("–"));
        }
    }

    private void cell(String text) {
        html.raw("<td>").text(text);
    }

    /** Commits and digests are shortened. */
    private static String revision(String revision) {
        String value = revision.startsWith("sha256:") ? revision.substring("sha256:".length()) : revision;
        boolean digits = value.length() >= 40 && value.chars().allMatch(c -> Character.digit(c, 16) >= 0);
        String shown = Html.escaped(digits ? value.substring(0, SHORT_REVISION) : value);
        return "<code>" + shown + "</code>";
    }
}
