package io.github.modelcache.json;

/** Line and column of an offset. */
final class TextPosition {
    static final char BYTE_ORDER_MARK = '\uFEFF';

    private TextPosition() {}

    /** From 1; LF, CRLF and a lone CR end a line. */
    static int line(String text, int offset) {
        int line = 1;
        for (int i = nextLine(text, 0, offset); i >= 0; i = nextLine(text, i, offset)) {
            line++;
        }
        return line;
    }

    /** From 1, in code points; a byte order mark takes no column. */
    static int column(String text, int offset) {
        int start = 0;
        for (int i = nextLine(text, 0, offset); i >= 0; i = nextLine(text, i, offset)) {
            start = i;
        }
        boolean marked = start == 0 && offset > 0 && text.charAt(0) == BYTE_ORDER_MARK;
        return text.codePointCount(start, offset) + (marked ? 0 : 1);
    }

    /** The start of the next line if it begins at or before the limit, or -1. */
    private static int nextLine(String text, int from, int limit) {
        for (int i = from; i < limit; i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'))) {
                return i + 1;
            }
        }
        return -1;
    }
}
