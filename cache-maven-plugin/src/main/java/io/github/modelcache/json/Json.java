package io.github.modelcache.json;

import org.jspecify.annotations.Nullable;

/** A JSON value (RFC 8259). Equality of the records includes positions; {@link #sameValue} compares values. */
public sealed interface Json permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBoolean, JsonNull {
    /** Where the value stands in its document, {@link Span#NONE} if it was made by hand. */
    Span span();

    /** What it is, for messages: {@code a string}, {@code an object}. */
    String typeName();

    /**
     * Whether both mean the same, however they are written: {@code "\u005cu00e9"} is {@code "é"}, {@code 1.0} is
     * {@code 1}, and the order of an object's members does not matter.
     */
    default boolean sameValue(Json other) {
        return JsonValues.same(this, other);
    }

    /** The value of a string; empty for anything else, and for a missing value. */
    static String text(@Nullable Json value) {
        return value instanceof JsonString string ? string.value() : "";
    }
}
