package io.github.modelcache.io;

/** Text that others chose, made fit for a message: no character in it moves the cursor or ends the line. */
public final class Printable {

    private Printable() {}

    /** The text with {@code ?} for each control character and for each that turns the direction of writing. */
    public static String text(String foreign) {
        StringBuilder printable = new StringBuilder();
        foreign.codePoints().map(c -> harmless(c) ? c : '?').forEach(printable::appendCodePoint);
        return printable.toString();
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
