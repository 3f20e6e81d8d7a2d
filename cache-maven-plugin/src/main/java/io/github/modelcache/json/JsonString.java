package io.github.modelcache.json;

/**
 * A string.
 *
 * @param value with escapes resolved
 * @param span with the quotes
 */
public record JsonString(String value, Span span) implements Json {
    /** A string that was not read from a text. */
    public static JsonString of(String value) {
        return new JsonString(value, Span.NONE);
    }

    @Override
    public String typeName() {
        return "a string";
    }
}
