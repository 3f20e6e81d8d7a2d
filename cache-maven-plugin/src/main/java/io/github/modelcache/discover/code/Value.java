package io.github.modelcache.discover.code;

/**
 * A possible value of an expression.
 *
 * @param line of its text in the file, from 1
 * @param choice whether it is one of several values
 * @param literal whether the expression itself contains the text, not a variable elsewhere
 */
public record Value(String text, int line, boolean choice, boolean literal) {

    Value asChoice() {
        return new Value(text, line, true, literal);
    }

    Value followed() {
        return new Value(text, line, choice, false);
    }
}
