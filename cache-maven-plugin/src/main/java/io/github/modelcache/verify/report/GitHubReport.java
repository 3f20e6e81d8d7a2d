package io.github.modelcache.verify.report;

import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.TextSanitizer;
import io.github.modelcache.verify.VerifyReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes findings for GitHub Actions: a table for the summary of the step, and annotations.
 *
 * @see <a href="https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions">Workflow commands</a>
 */
public final class GitHubReport {

    /** GitHub shows no more annotations of one severity for a step. */
    private static final int MOST_ANNOTATIONS = 10;

    private static final int MOST_ROWS = 200;

    /** GitHub drops the whole summary of a step above 1 MiB; other commands write to it too, and a character may be 3 bytes. */
    private static final int MOST_CHARACTERS = 256 * 1024;

    private GitHubReport() {}

    /** The table in GitHub's Markdown, with a heading; a line where nothing was found. */
    public static String summary(VerifyReport report) {
        StringBuilder text = new StringBuilder("### Model cache: ")
                .append(report.passed() ? "passed" : "failed")
                .append("\n\n")
                .append(report.files())
                .append(" model files, ")
                .append(ByteSize.format(report.bytes()))
                .append(", ")
                .append(count(report, Severity.ERROR, "error"))
                .append(", ")
                .append(count(report, Severity.WARNING, "warning"))
                .append("\n\n");
        if (report.findings().isEmpty()) {
            return text.toString();
        }
        text.append("| severity | finding | what was found | fix |\n|---|---|---|---|\n");
        int rows = 0;
        for (Finding finding : report.findings()) {
            String row = row(finding);
            if (rows == MOST_ROWS || text.length() + row.length() > MOST_CHARACTERS) {
                break;
            }
            text.append(row);
            rows++;
        }
        int more = report.findings().size() - rows;
        return text.append(more > 0 ? "\n" + more + " more findings are in verify.json.\n" : "")
                .append('\n')
                .toString();
    }

    /**
     * The lines that GitHub shows beside the files, errors first.
     *
     * @param root the top folder of the repository
     */
    public static List<String> annotations(VerifyReport report, Path root, Path configFile) {
        FindingLocation location = new FindingLocation(root, configFile);
        List<String> lines = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            report.findings().stream()
                    .filter(finding -> finding.severity() == severity)
                    .limit(MOST_ANNOTATIONS)
                    .forEach(finding -> lines.add(annotation(finding, location)));
        }
        return lines;
    }

    private static String annotation(Finding finding, FindingLocation location) {
        return "::" + command(finding.severity()) + " file=" + property(location.path(finding)) + ",title="
                + property(finding.id().id()) + "::"
                + data(TextSanitizer.lines(finding.message() + ". Fix: " + finding.fix()));
    }

    private static String command(Severity severity) {
        return severity == Severity.INFO ? "notice" : severity.id();
    }

    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }

    private static String row(Finding finding) {
        return "| " + finding.severity().id() + " | " + finding.id().id() + " | " + cell(finding.message()) + " | "
                + cell(finding.fix()) + " |\n";
    }

    /** Text in which nothing is markup: neither of Markdown nor of HTML. */
    private static String cell(String text) {
        StringBuilder plain = new StringBuilder();
        TextSanitizer.text(text).codePoints().forEach(c -> {
            if ("\\`*_{}[]()<>#+!|~&@".indexOf(c) >= 0) {
                plain.append("&#").append(c).append(';');
            } else {
                plain.appendCodePoint(c);
            }
        });
        return plain.toString();
    }

    private static String count(VerifyReport report, Severity severity, String name) {
        long count = report.count(severity);
        return count + " " + name + (count == 1 ? "" : "s");
    }
}
