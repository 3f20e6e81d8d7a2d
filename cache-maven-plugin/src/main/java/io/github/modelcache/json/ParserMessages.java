package io.github.modelcache.json;

import tools.jackson.core.JacksonException;

/**
 * What the parser found, without its internals: it adds where the open object starts, in a form that only its own users
 * can read. Whoever reports the problem names the place, so the parser's exception need not be kept.
 */
public final class ParserMessages {

    private ParserMessages() {}

    /** The problem as a phrase that starts with a small letter and has no place in it. */
    public static String problem(JacksonException exception) {
        String message = exception.getOriginalMessage();
        int marker = message == null ? -1 : message.indexOf(" (start marker at");
        String first = message == null ? "" : marker < 0 ? message : message.substring(0, marker);
        return first.isEmpty() ? "not JSON" : printable(Character.toLowerCase(first.charAt(0)) + first.substring(1));
    }

    /** The parser quotes the text, which may be a server's, and could move a terminal's cursor. */
    private static String printable(String problem) {
        StringBuilder text = new StringBuilder(problem);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                text.setCharAt(i, '?');
            }
        }
        return text.toString();
    }
}
