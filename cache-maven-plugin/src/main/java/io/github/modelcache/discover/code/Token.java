package io.github.modelcache.discover.code;

/**
 * A piece of source code.
 *
 * @param text the value of a string without its quotes; otherwise as written
 * @param line from 1
 * @param column of its first character, from 0
 */
public record Token(Kind kind, String text, int line, int column) {

    /** The kinds of tokens. */
    public enum Kind {
        /** A name, a keyword or a number. */
        WORD,
        /** A string without placeholders. */
        STRING,
        /** A string with placeholders in braces. */
        TEMPLATE,
        /** An operator or a bracket, one character each. */
        OPERATOR,
        /** A comment, or a string that is a whole statement, such as a docstring. */
        COMMENT,
        /** The end of a statement, where lines end statements. */
        END
    }

    boolean is(char operator) {
        return kind == Kind.OPERATOR && text.charAt(0) == operator;
    }

    boolean opens() {
        return is('(') || is('[') || is('{');
    }

    boolean closes() {
        return is(')') || is(']') || is('}');
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    boolean isText() {
        return kind == Kind.STRING || kind == Kind.TEMPLATE;
    }
}
