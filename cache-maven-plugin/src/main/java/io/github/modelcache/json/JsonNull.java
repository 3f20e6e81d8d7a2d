package io.github.modelcache.json;

/** {@code null}. */
public record JsonNull(Span span) implements Json {
    /** A null that was not read from a text. */
    public static JsonNull of() {
        return new JsonNull(Span.NONE);
    }

    @Override
    public String typeName() {
        return "null";
    }
}
