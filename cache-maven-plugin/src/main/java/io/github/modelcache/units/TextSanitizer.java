package io.github.modelcache.units;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes foreign text safe for messages: removes control characters and breaks commands that a CI would execute.
 *
 * @see <a href="https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions">GitHub: workflow commands</a>
 * @see <a href="https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands">Azure: logging commands</a>
 * @see <a href="https://www.jetbrains.com/help/teamcity/service-messages.html">TeamCity: service messages</a>
 * @see <a href="https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections">GitLab: sections</a>
 */
public final class TextSanitizer {

    /**
     * {@code ##[…]}, {@code ##vso[…]} and {@code ##teamcity[…]} count anywhere in a line, {@code ::…::} only at its start.
     */
    private static final Pattern COMMAND =
            Pattern.compile("#(?=#[A-Za-z.-]*\\[)" + "|(?<=section_(?:start|end))(?=:\\d)" + "|(?<=^\\h{0,100}:)(?=:)");

    /** Ends a cyclic chain of causes. */
    private static final int MOST_CAUSES = 20;

    private TextSanitizer() {}

    /** Replaces control and direction characters by {@code ?}, and puts a space into each CI command. */
    public static String text(String foreign) {
        return isPlain(foreign) ? foreign : sanitized(foreign);
    }

    /** Whether nothing is to be replaced. Most names are; the general way costs much for a page with 10,000 models. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '#') {
                return false;
            }
        }
        return !text.contains("::") && !text.contains("section_");
    }

    private static String sanitized(String foreign) {
        StringBuilder printable = new StringBuilder();
        foreign.codePoints().map(c -> harmless(c) ? c : '?').forEach(printable::appendCodePoint);
        return COMMAND.matcher(printable).replaceAll("$0 ");
    }

    /** The same for a message with several lines. */
    public static String lines(String message) {
        return message.indexOf('\n') < 0
                ? text(message)
                : Stream.of(message.split("\r?\n", -1)).map(TextSanitizer::text).collect(Collectors.joining("\n"));
    }

    /** The same failure if all its messages are safe; otherwise a copy with safe messages and the same stack trace. */
    public static Throwable failure(Throwable foreign) {
        return isPrintable(foreign, MOST_CAUSES) ? foreign : copy(foreign, MOST_CAUSES);
    }

    private static boolean isPrintable(Throwable failure, int causes) {
        String message = String.valueOf(failure.getMessage());
        Throwable cause = failure.getCause();
        boolean own = lines(message).equals(message)
                && Stream.of(failure.getSuppressed()).allMatch(also -> causes > 0 && isPrintable(also, causes - 1));
        return own && (cause == null || (causes > 0 && isPrintable(cause, causes - 1)));
    }

    private static Throwable copy(Throwable failure, int causes) {
        Throwable cause = causes > 0 ? failure.getCause() : null;
        Exception copy = new Exception(
                lines(failure.getClass().getSimpleName() + ": " + failure.getMessage()),
                cause == null ? null : copy(cause, causes - 1));
        copy.setStackTrace(failure.getStackTrace());
        return copy;
    }

    private static boolean harmless(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.SURROGATE
                && !isNoncharacter(c);
    }

    /** Unicode never assigns these; XML rejects some of them. */
    private static boolean isNoncharacter(int c) {
        return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
    }
}
