package io.github.modelcache.discover.code;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Matches the brackets of a file. */
final class Brackets {

    private final List<Token> tokens;
    private final int[] partner;

    Brackets(List<Token> tokens) {
        this.tokens = tokens;
        this.partner = new int[tokens.size()];
        Arrays.fill(partner, -1);
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < partner.length; i++) {
            Token token = tokens.get(i);
            if (token.opens()) {
                open.push(i);
            } else if (token.closes()) {
                close(open, i);
            }
        }
    }

    private void close(Deque<Integer> open, int at) {
        char wanted = switch (tokens.get(at).text().charAt(0)) {
            case ')' -> '(';
            case ']' -> '[';
            default -> '{';
        };
        if (!open.isEmpty() && tokens.get(open.peek()).is(wanted)) {
            int from = open.pop();
            partner[from] = at;
            partner[at] = from;
        }
    }

    /** The index of the other bracket of a pair; -1 if there is none. */
    int partner(int index) {
        return partner[index];
    }

    /** The index of the closing bracket if this token opens one; otherwise the index of the token itself. */
    int skip(int index) {
        return tokens.get(index).opens() && partner[index] > index ? partner[index] : index;
    }

    /** The parts between a bracket and its partner, split at commas; empty parts are left out. */
    List<Range> elements(int open) {
        List<Range> parts = new ArrayList<>();
        int close = partner[open];
        int start = open + 1;
        for (int i = start; i <= close; i++) {
            if (i == close || tokens.get(i).is(',')) {
                if (i > start) {
                    parts.add(new Range(start, i));
                }
                start = i + 1;
            } else {
                i = skip(i);
            }
        }
        return parts;
    }

    /** The opening bracket around a token, in its statement and at most this many tokens before it; -1 if none. */
    int around(int index, int most) {
        for (int i = index - 1; i >= Math.max(0, index - most); i--) {
            Token token = tokens.get(i);
            if (token.closes() && partner[i] >= 0) {
                i = partner[i];
            } else if (token.kind() == Token.Kind.END || token.is(';')) {
                return -1;
            } else if (token.opens()) {
                return partner[i] > index ? i : -1;
            }
        }
        return -1;
    }
}
