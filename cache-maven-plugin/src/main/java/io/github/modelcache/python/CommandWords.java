package io.github.modelcache.python;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command line into words as a shell does: by white space, with single and double quotes. A backslash escapes
 * the next character; in double quotes, and on Windows, only {@code "} and {@code \}. No variables, patterns or pipes.
 */
final class CommandWords {

    private final String line;
    private final boolean windows;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean begun;

    private CommandWords(String line, boolean windows) {
        this.line = line;
        this.windows = windows;
    }

    /**
     * The words of a line.
     *
     * @throws EnvironmentException when a quote is not closed
     */
    static List<String> of(String line, boolean windows) throws EnvironmentException {
        return new CommandWords(line, windows).split();
    }

    private List<String> split() throws EnvironmentException {
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && escapes(i, quote)) {
                i++;
                add(line.charAt(i));
            } else if (quote != 0 && c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                begun = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                end();
            } else {
                add(c);
            }
        }
        if (quote != 0) {
            throw new EnvironmentException("cache.exec.command has a " + quote + " that is not closed: " + line);
        }
        end();
        return List.copyOf(words);
    }

    private boolean escapes(int at, char quote) {
        if (at + 1 >= line.length() || quote == '\'') {
            return false;
        }
        char next = line.charAt(at + 1);
        boolean anything = quote == 0 && !windows;
        return anything || next == '"' || (quote == '"' && next == '\\');
    }

    private void add(char c) {
        word.append(c);
        begun = true;
    }

    private void end() {
        if (begun) {
            words.add(word.toString());
            word.setLength(0);
            begun = false;
        }
    }
}
