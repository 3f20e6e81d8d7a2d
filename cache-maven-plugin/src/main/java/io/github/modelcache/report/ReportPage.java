package io.github.modelcache.report;

import io.github.modelcache.finding.Severity;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * One self-contained page: its policy forbids every request. It needs no script; with one, commands can be copied and the
 * table can be sorted and filtered.
 */
public final class ReportPage {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final String POLICY =
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

    private final ReportData data;
    private final Html html = new Html();

    private ReportPage(ReportData data) {
        this.data = data;
    }

    /** The page. */
    public static String of(ReportData data) {
        return new ReportPage(data).write();
    }

    /** A page that says why there is no report. */
    public static String without(String reason) {
        return new Html()
                .raw("<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><meta name=viewport"
                        + " content=\"width=device-width, initial-scale=1\"><title>Model cache</title><style>")
                .raw(resource("report.css"))
                .raw("</style></head><body><main><h1>Model cache</h1><p class=note>")
                .text(reason)
                .raw("</p></main></body></html>\n")
                .toString();
    }

    private String write() {
        String project = Optional.ofNullable(data.project().getFileName())
                .map(Object::toString)
                .orElse("project");
        html.raw(
                        "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><meta http-equiv=Content-Security-Policy content=\"")
                .raw(POLICY)
                .raw("\"><meta name=viewport content=\"width=device-width, initial-scale=1\"><meta name=color-scheme"
                        + " content=\"light dark\"><link rel=icon href=data:,><title>")
                .text("Model cache of " + project)
                .raw("</title><style>")
                .raw(resource("report.css"))
                .raw(
                        "</style></head><body><a class=skip href=#main>To the content</a><header><p class=over>Model cache</p><h1>")
                .text(project)
                .raw("</h1><p class=quiet>")
                .text(data.project() + ", " + TIME.format(ZonedDateTime.ofInstant(data.at(), data.zone())) + " "
                        + data.zone().getId())
                .raw("</p>");
        verdict();
        html.raw("</header><nav aria-label=Contents><a href=#findings>Findings</a><a href=#space>Space</a>"
                + "<a href=#budgets>Budgets</a><a href=#clean>Cleaning</a><a href=#growth>Growth</a>"
                + "<a href=#models>Models</a></nav><main id=main>");
        facts();
        new FindingsSection(html, data).write();
        new SpaceSection(html, data).write();
        SizeSections sizes = new SizeSections(html, data);
        sizes.budgets();
        sizes.cleaning();
        sizes.growth();
        new ModelsSection(html, data).write();
        html.raw("</main><footer class=quiet>")
                .text("cache-maven-plugin " + data.version()
                        + ". Made by mvn cache:report; this page needs no network.")
                .raw("</footer><script>")
                .raw(resource("report.js"))
                .raw("</script></body></html>\n");
        return html.toString();
    }

    private void verdict() {
        long errors = count(Severity.ERROR);
        long warnings = count(Severity.WARNING);
        String state = errors > 0 ? "error" : warnings > 0 ? "warning" : "ok";
        String words = errors + warnings == 0
                ? "✓ Verified, nothing to fix"
                : counted(errors, "error") + (errors > 0 && warnings > 0 ? ", " : "") + counted(warnings, "warning");
        html.raw("<p class=\"verdict " + state + "\">").text(words).raw("</p>");
    }

    private static String counted(long number, String noun) {
        return number == 0 ? "" : number + " " + noun + (number == 1 ? "" : "s");
    }

    private long count(Severity severity) {
        return data.findings().stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    private void facts() {
        html.raw("<dl class=facts>");
        fact("Size of all caches", ByteSize.format(data.bytes()));
        fact("Models", String.valueOf(data.models().size()));
        fact("Files", String.valueOf(data.files()));
        data.freeDiskBytes().ifPresent(free -> fact("Free on the disk", ByteSize.format(free)));
        html.raw("</dl>");
    }

    private void fact(String name, String value) {
        html.raw("<div><dt>").text(name).raw("</dt><dd>").text(value).raw("</dd></div>");
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the plugin's jar has no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
