package io.github.modelcache.json;

import java.math.BigDecimal;

/**
 * A number as it is written, so that nothing is rounded.
 *
 * @param literal a number by the grammar of RFC 8259 section 6
 */
public record JsonNumber(String literal, Span span) implements Json {
    /** An integer that was not read from a text. */
    public static JsonNumber of(long value) {
        return new JsonNumber(Long.toString(value), Span.NONE);
    }

    /**
     * The value, which may be written as {@code 90}, {@code 90.0} or {@code 9e1}.
     *
     * @throws ArithmeticException if it has a fraction or does not fit
     */
    public long longValue() {
        try {
            return new BigDecimal(literal).longValueExact();
        } catch (NumberFormatException e) {
            throw (ArithmeticException) new ArithmeticException("out of range: " + literal).initCause(e);
        }
    }

    @Override
    public String typeName() {
        return "a number";
    }
}
