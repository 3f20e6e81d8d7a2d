package io.github.modelcache.json;

/** A text is not JSON, or not JSON that this package reads. The message starts with name, line and column. */
public class JsonException extends Exception {
    private static final long serialVersionUID = 1;

    private final int line;
    private final int column;

    JsonException(String name, String text, int offset, String problem) {
        this(name, TextPosition.line(text, offset), TextPosition.column(text, offset), problem);
    }

    JsonException(String name, int line, int column, String problem) {
        super(name + ":" + line + ":" + column + ": " + problem);
        this.line = line;
        this.column = column;
    }

    /** Line of the problem, from 1. */
    public int line() {
        return line;
    }

    /** Column of the problem in Unicode characters, from 1. */
    public int column() {
        return column;
    }
}
