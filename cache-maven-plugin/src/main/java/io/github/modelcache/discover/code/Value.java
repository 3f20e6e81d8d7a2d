package io.github.modelcache.discover.code;

/**
 * A possible value of an expression.
 *
 * @param line where its text is written, from 1
 * @param choice whether it is one of several values
 * @param literal whether it is written right at the expression, not at a variable
 */
public record Value(String text, int line, boolean choice, boolean literal) {

    Value asChoice() {
        return new Value(text, line, true, literal);
    }

    Value followed() {
        return new Value(text, line, choice, false);
    }
}
