package io.github.modelcache.json;

/** {@code true} or {@code false}. */
public record JsonBoolean(boolean value, Span span) implements Json {
    /** A boolean that was not read from a text. */
    public static JsonBoolean of(boolean value) {
        return new JsonBoolean(value, Span.NONE);
    }

    @Override
    public String typeName() {
        return "a boolean";
    }
}
