package io.github.modelcache.report;

import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.plan.Plan;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code cache:verify} finds, with commands to copy. */
final class FindingsSection {

    private static final int MOST = 200;

    /** A command in a sentence. */
    private static final Pattern COMMAND = Pattern.compile(
            "mvn(?: \"-[^\"\n]{1,2000}\"| -[^\\s\"]{0,2000}[^\\s\",;.)]| [\\w.-]{1,200}(?::[\\w.-]{1,200}){1,4})+");

    private final Html html;
    private final ReportData data;

    FindingsSection(Html html, ReportData data) {
        this.html = html;
        this.data = data;
    }

    void write() {
        html.raw("<section aria-labelledby=findings><h2 id=findings>Findings</h2>");
        for (String note : data.notes()) {
            html.raw("<p class=note>").text(note).raw("</p>");
        }
        List<Finding> findings = data.findings();
        if (findings.isEmpty()) {
            html.raw(
                    "<p class=good><b>Nothing to fix.</b> The cache matches the config and the lock file.</p></section>");
            return;
        }
        html.raw("<ul class=findings>");
        findings.stream().limit(MOST).forEach(this::finding);
        html.raw("</ul>");
        if (findings.size() > MOST) {
            html.raw("<p class=quiet>And ")
                    .text((findings.size() - MOST) + " more, in verify.json beside this page after mvn cache:verify.")
                    .raw("</p>");
        }
        html.raw("</section>");
    }

    private void finding(Finding finding) {
        html.raw("<li class=" + finding.severity().id() + "><p class=what><span class=tag>")
                .text(label(finding.severity()))
                .raw("</span> <code>")
                .text(finding.id().id())
                .raw("</code></p><p>")
                .text(sentence(finding.message()))
                .raw("</p>");
        finding.path()
                .ifPresent(path -> html.raw("<p class=path>")
                        .text(Plan.name(data.project(), path))
                        .raw("</p>"));
        finding.expected()
                .ifPresent(expected ->
                        html.raw("<p class=path>expected ").text(expected).raw("</p>"));
        finding.actual()
                .ifPresent(
                        actual -> html.raw("<p class=path>found ").text(actual).raw("</p>"));
        html.raw("<p class=fix><b>Fix:</b> ");
        fix(finding.fix());
        html.raw("</p></li>");
    }

    private void fix(String fix) {
        Matcher command = COMMAND.matcher(fix);
        if (!command.find()) {
            html.text(fix);
            return;
        }
        html.text(fix.substring(0, command.start()));
        command(html, command.group());
        html.text(fix.substring(command.end()));
    }

    /** A command with a button that copies it. */
    static void command(Html html, String command) {
        html.raw("<span class=cmd><code>")
                .text(command)
                .raw("</code><button type=button hidden>Copy<span class=sr> ")
                .text(command)
                .raw("</span></button></span>");
    }

    private static String label(Severity severity) {
        return switch (severity) {
            case ERROR -> "✕ Error";
            case WARNING -> "! Warning";
            case INFO -> "i Info";
        };
    }

    private static String sentence(String message) {
        return message.endsWith(".") || message.endsWith("…") ? message : message + ".";
    }
}
