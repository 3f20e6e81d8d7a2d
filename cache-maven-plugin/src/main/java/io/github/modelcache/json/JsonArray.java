package io.github.modelcache.json;

import java.util.List;

/**
 * An array.
 *
 * @param span from the opening to behind the closing bracket
 */
public record JsonArray(List<Json> items, Span span) implements Json {
    /** Copies the list. */
    public JsonArray {
        items = List.copyOf(items);
    }

    /** An array of these values. */
    public static JsonArray of(List<? extends Json> items) {
        return new JsonArray(List.copyOf(items), Span.NONE);
    }

    /** An array of strings. */
    public static JsonArray ofStrings(List<String> items) {
        return of(items.stream().map(JsonString::of).toList());
    }

    @Override
    public String typeName() {
        return "an array";
    }
}
