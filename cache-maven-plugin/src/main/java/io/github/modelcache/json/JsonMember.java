package io.github.modelcache.json;

/**
 * A named value of an object.
 *
 * @param name with escapes resolved
 * @param nameSpan the name with its quotes
 */
public record JsonMember(String name, Span nameSpan, Json value) {
    /** A member that was not read from a text. */
    public static JsonMember of(String name, Json value) {
        return new JsonMember(name, Span.NONE, value);
    }
}
