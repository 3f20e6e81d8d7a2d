package io.github.modelcache.discover.code;

import io.github.modelcache.discover.code.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The tokens, bracket pairs, imports and calls of a file. */
public final class SourceCode {

    /** Longer chains of calls are cut. */
    private static final int LONGEST_CHAIN = 40;

    private static final int LONGEST_TYPE_ARGUMENTS = 8;
    private static final int LONGEST_LIST = 20;
    private static final int LONGEST_DICTIONARY = 300;
    private static final int LONGEST_LITERAL = 200;

    private final List<Token> tokens = new ArrayList<>();
    private final List<Token> comments = new ArrayList<>();
    private final boolean python;
    private final Brackets brackets;
    private final Imports imports;
    private final Map<Integer, Call> calls = new HashMap<>();
    private final List<Call> inOrder = new ArrayList<>();

    /** Reads the tokens of {@link Tokenizer}. */
    public SourceCode(List<Token> all, boolean python) {
        this.python = python;
        all.forEach(token -> (token.kind() == Kind.COMMENT ? comments : tokens).add(token));
        this.brackets = new Brackets(tokens);
        this.imports = python ? new Imports(tokens).read() : new Imports(tokens);
        for (int i = 1; i < tokens.size(); i++) {
            if (tokens.get(i).is('(')) {
                readCall(i);
            }
        }
    }

    public List<Token> tokens() {
        return Collections.unmodifiableList(tokens);
    }

    public List<Token> comments() {
        return Collections.unmodifiableList(comments);
    }

    /** All calls, in the order of their brackets. */
    public List<Call> calls() {
        return Collections.unmodifiableList(inOrder);
    }

    boolean isPython() {
        return python;
    }

    Token token(int index) {
        return tokens.get(index);
    }

    int size() {
        return tokens.size();
    }

    /** The index of the other bracket of a pair; -1 if there is none. */
    int partner(int index) {
        return brackets.partner(index);
    }

    /** The index of the closing bracket if this token opens one; otherwise the index of the token itself. */
    int skip(int index) {
        return brackets.skip(index);
    }

    /** Whether an expression is one call. */
    public boolean isCall(Range range) {
        return !range.isEmpty()
                && token(range.end() - 1).is(')')
                && token(range.start()).kind() == Kind.WORD;
    }

    /** The parts between a bracket and its partner, split at commas; empty parts are left out. */
    List<Range> elements(int open) {
        return brackets.elements(open);
    }

    /** The call that this bracket belongs to; null if it belongs to none. */
    @Nullable
    Call callAt(int open) {
        return calls.get(open);
    }

    /** The name of the dictionary around a token: {@code NAME = {...}}, {@code "name": {...}}. Empty if it has none. */
    public String nameAround(int index) {
        int open = brackets.around(index, LONGEST_DICTIONARY);
        boolean named = open > 1
                && token(open).is('{')
                && (token(open - 1).is('=') || token(open - 1).is(':'));
        return named ? token(open - 2).text() : "";
    }

    /** Whether any string meets a condition. */
    public boolean hasText(Predicate<String> kind) {
        return tokens.stream().anyMatch(token -> token.isText() && kind.test(token.text()));
    }

    /** Whether a name is imported from its module, under any name. */
    public boolean imports(String full) {
        return imports.has(full);
    }

    private void readCall(int open) {
        int last = open - 1;
        if (tokens.get(last).is('>')) {
            last = beforeTypeArguments(last);
        }
        if (last < 0 || tokens.get(last).kind() != Kind.WORD || partner(open) < 0) {
            return;
        }
        if (last > 0 && tokens.get(last - 1).isWord("def")) {
            return;
        }
        String name = chain(last);
        Call call = new Call(name, open, tokens.get(last).line(), arguments(open));
        calls.put(open, call);
        inOrder.add(call);
    }

    private int beforeTypeArguments(int end) {
        for (int i = end; i >= 0 && i > end - LONGEST_TYPE_ARGUMENTS; i--) {
            if (tokens.get(i).is('<')) {
                return i - 1;
            }
        }
        return -1;
    }

    /** The dotted name that ends at a word, with its import resolved. */
    public String chain(int last) {
        Deque<String> parts = new ArrayDeque<>();
        int i = last;
        while (i >= 0 && parts.size() < LONGEST_CHAIN) {
            Token token = tokens.get(i);
            while ((token.is(')') || token.is(']')) && partner(i) > 0) {
                i = partner(i) - 1;
                token = tokens.get(i);
            }
            if (token.kind() != Kind.WORD) {
                break;
            }
            parts.push(token.text());
            i--;
            while (i > 0 && (tokens.get(i).is('?') || tokens.get(i).is('!'))) {
                i--;
            }
            if (i < 0 || !tokens.get(i).is('.')) {
                break;
            }
            i--;
        }
        String first = parts.isEmpty() ? "" : parts.pop();
        parts.push(imports.full(first));
        return String.join(".", parts);
    }

    private List<Call.Argument> arguments(int open) {
        List<Call.Argument> arguments = new ArrayList<>();
        for (Range part : elements(open)) {
            boolean named = part.end() - part.start() > 2
                    && tokens.get(part.start()).kind() == Kind.WORD
                    && tokens.get(part.start() + 1).is('=')
                    && !tokens.get(part.start() + 2).is('=');
            arguments.add(
                    named
                            ? new Call.Argument(
                                    tokens.get(part.start()).text(), new Range(part.start() + 2, part.end()))
                            : new Call.Argument(null, part));
        }
        return arguments;
    }

    /** Whether a call unpacks a dictionary: {@code f(**options)}. */
    public boolean unpacks(Call call) {
        return call.arguments().stream()
                .map(argument -> argument.value().start())
                .anyMatch(at -> tokens.get(at).is('*') && tokens.get(at + 1).is('*'));
    }

    /** The call that {@code partial(function, arguments...)} prepares. */
    public Optional<Call> bound(Call call) {
        List<Call.Argument> arguments = call.arguments();
        if (arguments.isEmpty() || arguments.get(0).name() != null) {
            return Optional.empty();
        }
        Range function = arguments.get(0).value();
        Token last = tokens.get(function.end() - 1);
        return last.kind() == Kind.WORD
                ? Optional.of(new Call(
                        chain(function.end() - 1), call.open(), call.line(), arguments.subList(1, arguments.size())))
                : Optional.empty();
    }

    /** The last name of {@code CONSTANT} or {@code settings.name}, which another file may define. */
    public Optional<String> constant(Range range) {
        for (int i = range.start(); i < range.end(); i++) {
            if (tokens.get(i).kind() != Kind.WORD && !tokens.get(i).is('.')) {
                return Optional.empty();
            }
        }
        String first = tokens.get(range.start()).text();
        String last = tokens.get(range.end() - 1).text();
        boolean field = range.end() - range.start() > 2 && !first.equals("self") && !first.equals("this");
        return field || isUpperCase(last) ? Optional.of(last) : Optional.empty();
    }

    static boolean isUpperCase(String name) {
        return name.length() > 2 && name.equals(name.toUpperCase(Locale.ROOT));
    }

    /** The token of an expression that is a short string and nothing else. */
    public Optional<Token> literal(Range range) {
        return range.end() - range.start() == 1
                        && tokens.get(range.start()).kind() == Kind.STRING
                        && tokens.get(range.start()).text().length() <= LONGEST_LITERAL
                ? Optional.of(tokens.get(range.start()))
                : Optional.empty();
    }

    /** The elements of the list around a string; {@code ?} for those that are no strings. Empty if there is no list. */
    public List<String> listAround(int index) {
        int open = brackets.around(index, LONGEST_LIST);
        return open < 0 || token(open).is('{')
                ? List.of()
                : elements(open).stream()
                        .map(part -> literal(part).map(Token::text).orElse("?"))
                        .toList();
    }

    /** The short strings in the dictionary or call around a token, by their keys or argument names. */
    public Map<String, String> entriesAround(int index) {
        int open = brackets.around(index, LONGEST_DICTIONARY);
        Map<String, String> entries = new LinkedHashMap<>();
        if (open >= 0 && partner(open) - open < LONGEST_DICTIONARY) {
            for (Range part : elements(open)) {
                boolean entry = part.end() - part.start() == 3
                        && (token(part.start() + 1).is(':')
                                || token(part.start() + 1).is('='));
                if (entry) {
                    literal(new Range(part.start() + 2, part.end()))
                            .ifPresent(value -> entries.put(token(part.start()).text(), value.text()));
                }
            }
        }
        return entries;
    }
}
