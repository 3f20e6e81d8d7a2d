package io.github.modelcache.io;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Text that others chose, made fit for a message: no character in it moves the cursor or ends the line. */
public final class Printable {

    private Printable() {}

    /** The text with {@code ?} for each control character and for each that turns the direction of writing. */
    public static String text(String foreign) {
        StringBuilder printable = new StringBuilder();
        foreign.codePoints().map(c -> harmless(c) ? c : '?').forEach(printable::appendCodePoint);
        return printable.toString();
    }

    /** The same of a message that may have several lines. */
    public static String lines(String message) {
        return message.indexOf('\n') < 0
                ? text(message)
                : Stream.of(message.split("\r?\n", -1)).map(Printable::text).collect(Collectors.joining("\n"));
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
