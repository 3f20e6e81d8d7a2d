package io.github.modelcache.json;

import tools.jackson.core.JacksonException;

/** The parser's messages without its own description of the position. */
public final class ParserMessages {

    /** What the parser says of a path of Windows such as {@code D:\models}. */
    private static final String ESCAPE = "unrecognized character escape";

    private ParserMessages() {}

    /** The problem as a phrase that starts with a lower-case letter. */
    public static String problem(JacksonException exception) {
        String message = exception.getOriginalMessage();
        int marker = message == null ? -1 : message.indexOf(" (start marker at");
        String first = message == null ? "" : marker < 0 ? message : message.substring(0, marker);
        if (first.isEmpty()) {
            return "not JSON";
        }
        String problem = printable(Character.toLowerCase(first.charAt(0)) + first.substring(1));
        return problem.startsWith(ESCAPE) ? problem + "; write each backslash twice, or / in a path" : problem;
    }

    /** Replaces control characters, because the parser quotes text that may come from a server. */
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
