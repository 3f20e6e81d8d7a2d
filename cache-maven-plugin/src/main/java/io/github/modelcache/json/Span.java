package io.github.modelcache.json;

/**
 * A stretch of a document's text.
 *
 * @param start offset of its first {@code char}
 * @param end offset after its last {@code char}
 */
public record Span(int start, int end) {
    /** Of values that were not read from a text. */
    public static final Span NONE = new Span(-1, -1);
}
