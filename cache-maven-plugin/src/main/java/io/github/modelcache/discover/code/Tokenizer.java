package io.github.modelcache.discover.code;

import io.github.modelcache.discover.code.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits source code into tokens. It never fails: invalid code becomes operators, and an unclosed string ends with its
 * line.
 */
public final class Tokenizer {

    private static final String TRIPLE_QUOTES = "\"\"\"";

    private final String text;
    private final boolean python;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int lineStart;
    private int depth;

    private Tokenizer(String text, boolean python) {
        this.text = text;
        this.python = python;
    }

    /** The tokens of Python code. Docstrings are comments. */
    public static List<Token> python(String text) {
        Tokenizer tokenizer = new Tokenizer(text, true);
        tokenizer.run();
        return documentation(tokenizer.tokens);
    }

    /** The tokens of Java, Kotlin, Scala or Groovy code. */
    public static List<Token> java(String text) {
        Tokenizer tokenizer = new Tokenizer(text, false);
        tokenizer.run();
        return tokenizer.tokens;
    }

    /** Whether a string is a whole statement, which makes it documentation. */
    private static List<Token> documentation(List<Token> tokens) {
        List<Token> result = new ArrayList<>(tokens.size());
        boolean start = true;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean whole = i + 1 == tokens.size()
                    || tokens.get(i + 1).kind() == Kind.END
                    || tokens.get(i + 1).kind() == Kind.COMMENT;
            boolean documents = start && whole && token.isText();
            result.add(documents ? new Token(Kind.COMMENT, token.text(), token.line(), token.column()) : token);
            start = token.kind() == Kind.END || (start && token.kind() == Kind.COMMENT);
        }
        return result;
    }

    private void run() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                endOfLine();
            } else if (c == '\\' && python && at + 1 < text.length() && text.charAt(at + 1) == '\n') {
                at++;
                newLine();
            } else if (Character.isWhitespace(c)) {
                at++;
            } else if (startsComment(c)) {
                comment();
            } else if (Character.isJavaIdentifierPart(c) && !Character.isIdentifierIgnorable(c)) {
                word();
            } else if (c == '"' || c == '\'') {
                string("");
            } else {
                operator(c);
            }
        }
    }

    private void endOfLine() {
        boolean ends = python && depth == 0 && !tokens.isEmpty() && last().kind() != Kind.END;
        if (ends) {
            add(Kind.END, "", at);
        }
        newLine();
    }

    private void newLine() {
        at++;
        line++;
        lineStart = at;
    }

    private Token last() {
        return tokens.get(tokens.size() - 1);
    }

    private boolean startsComment(char c) {
        return python ? c == '#' : c == '/' && (text.startsWith("//", at) || text.startsWith("/*", at));
    }

    private void comment() {
        int start = at;
        int end;
        if (text.startsWith("/*", at) && !python) {
            int close = text.indexOf("*/", at + 2);
            end = close < 0 ? text.length() : close + 2;
        } else {
            int close = text.indexOf('\n', at);
            end = close < 0 ? text.length() : close;
        }
        add(Kind.COMMENT, text.substring(start, end), start);
        skipTo(end);
    }

    /** Moves forward and counts the lines. */
    private void skipTo(int end) {
        while (at < end) {
            if (text.charAt(at) == '\n') {
                newLine();
            } else {
                at++;
            }
        }
    }

    private void word() {
        int start = at;
        while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
            at++;
        }
        resynchronize(start);
        boolean prefix = python && at - start <= 2 && at < text.length() && isQuote(text.charAt(at));
        if (prefix && text.substring(start, at).chars().allMatch(c -> "rRbBuUfFtT".indexOf(c) >= 0)) {
            string(text.substring(start, at));
        } else {
            add(Kind.WORD, text.substring(start, at), start);
        }
    }

    /** Ends an unclosed bracket where the next definition begins. */
    private void resynchronize(int start) {
        boolean definition = text.startsWith("def ", start)
                || text.startsWith("class ", start)
                || text.startsWith("import ", start)
                || text.startsWith("from ", start);
        if (python && depth > 0 && start == lineStart && definition) {
            depth = 0;
            tokens.add(new Token(Kind.END, "", line, 0));
        }
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    private void string(String prefix) {
        char quote = text.charAt(at);
        String triple = String.valueOf(quote).repeat(3);
        boolean longString = text.startsWith(triple, at) && (python || triple.equals(TRIPLE_QUOTES));
        int start = at + (longString ? 3 : 1);
        int end = end(start, quote, longString);
        if (end < 0) {
            operator(quote);
            return;
        }
        boolean raw = prefix.indexOf('r') >= 0 || prefix.indexOf('R') >= 0;
        String value = text.substring(start, end);
        if (!raw && value.indexOf('\\') >= 0) {
            value = unescaped(value);
        }
        boolean template = python ? prefix.indexOf('f') >= 0 || prefix.indexOf('F') >= 0 : value.indexOf("${") >= 0;
        add(template ? Kind.TEMPLATE : Kind.STRING, value, at);
        skipTo(end + (longString ? 3 : 1));
    }

    /** The offset of the closing quotes; -1 if there are none. */
    private int end(int start, char quote, boolean longString) {
        String triple = String.valueOf(quote).repeat(3);
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '\n' && !longString) {
                return -1;
            } else if (c == quote && (!longString || text.startsWith(triple, i))) {
                return i;
            }
        }
        return -1;
    }

    /** Replaces escapes roughly, because names of models have none. */
    private static String unescaped(String value) {
        return value.replace("\\\n", "")
                .replace("\\\"", "\"")
                .replace("\\'", "'")
                .replace("\\/", "/");
    }

    private void operator(char c) {
        if (c == '(' || c == '[' || (c == '{' && python)) {
            depth++;
        } else if (c == ')' || c == ']' || (c == '}' && python)) {
            depth = Math.max(0, depth - 1);
        }
        add(Kind.OPERATOR, String.valueOf(c), at);
        at++;
    }

    private void add(Kind kind, String value, int start) {
        tokens.add(new Token(kind, value, line, start - lineStart));
    }
}
