package io.github.modelcache.units;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Text that others chose, made fit for a message: no character in it moves the cursor or ends the line, and nothing in it is a
 * command for the CI that shows the line.
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

    /** Enough for any chain of causes, and an end for one that runs in a circle. */
    private static final int MOST_CAUSES = 20;

    private TextSanitizer() {}

    /**
     * The text with {@code ?} for each control character and for each that turns the direction of writing, and with a space within
     * each command for a CI.
     */
    public static String text(String foreign) {
        StringBuilder printable = new StringBuilder();
        foreign.codePoints().map(c -> harmless(c) ? c : '?').forEach(printable::appendCodePoint);
        return COMMAND.matcher(printable).replaceAll("$0 ");
    }

    /** The same of a message that may have several lines. */
    public static String lines(String message) {
        return message.indexOf('\n') < 0
                ? text(message)
                : Stream.of(message.split("\r?\n", -1)).map(TextSanitizer::text).collect(Collectors.joining("\n"));
    }

    /**
     * A failure as it may be shown, because Maven prints the messages of all causes: the same where each of them is fit for that,
     * else one that says the same in printable text, with the same stack trace.
     */
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
                && type != Character.SURROGATE;
    }
}
