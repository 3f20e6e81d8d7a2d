package io.github.modelcache.discover.code;

import io.github.modelcache.discover.code.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Computes the possible texts of an expression from the definitions in its file. */
public final class Values {

    static final int DEEPEST = 10;
    static final int MOST_VALUES = 200;

    /** The limit for a file. Only a hostile file needs more. */
    private static final int MOST_STEPS = 50_000;

    private static final Set<String> DEFAULTED =
            Set.of("getenv", "get", "pop", "getOrDefault", "getProperty", "getattr", "get_env", "env", "getEnv");

    private static final Set<String> DECLARED = Set.of("field", "Field", "Option", "Argument", "Parameter");
    private static final Set<String> UNCHANGED = Set.of(
            "str", "list", "set", "sorted", "tuple", "Path", "cast", "of", "asList", "listOf", "reversed", "enumerate");

    private static final Set<String> SAME =
            Set.of("strip", "items", "values", "rstrip", "toString", "trim", "copy", "stream", "orElse");

    private final SourceCode code;
    private final VariableLookup variables;
    private final Texts texts;
    /** The expressions in progress. They stop a name that is part of its own value. */
    private final Set<Range> followed = new HashSet<>();

    private int steps;

    /** Prepares the values of a file. */
    public Values(SourceCode code, Definitions definitions) {
        this.code = code;
        this.variables = new VariableLookup(code, definitions);
        this.texts = new Texts(code, this);
    }

    /** The possible texts of an expression. */
    public List<Value> of(Range range) {
        return of(range, 0);
    }

    /** The name of another file's constant: {@code CONSTANT}, {@code settings.name}, or a variable with such a value. */
    public Optional<String> openName(Range range) {
        Range open = range;
        for (int i = 0; i < DEEPEST && open.end() - open.start() == 1; i++) {
            List<VariableLookup.Found> found =
                    variables.find(code.token(open.start()).text(), open.start());
            if (found.size() != 1) {
                break;
            }
            open = found.get(0).value();
        }
        return code.constant(open).or(() -> code.constant(range));
    }

    /** The values of all dictionary entries with this key in the file. */
    public List<Value> entries(String name) {
        return follow(variables.fields(name), 0);
    }

    List<Value> of(Range whole, int depth) {
        Range range = trimmed(whole);
        if (range.isEmpty() || depth > DEEPEST || ++steps > MOST_STEPS) {
            return List.of();
        }
        Optional<List<Value>> combined = combined(range, depth);
        if (combined.isPresent()) {
            return combined.get();
        }
        Token first = code.token(range.start());
        if (first.isText()) {
            return texts.formatted(range, depth).orElseGet(() -> texts.text(range, depth));
        }
        if (first.is('[') || first.is('{') || first.is('(')) {
            return elements(range.start(), depth);
        }
        return first.kind() == Kind.WORD ? named(range, depth) : List.of();
    }

    private Range trimmed(Range range) {
        int start = range.start();
        int end = range.end();
        while (start < end && code.token(start).is('(') && code.partner(start) == end - 1 && !hasComma(start)) {
            start++;
            end--;
        }
        while (start < end
                && (code.token(start).isWord("new") || code.token(start).isWord("await"))) {
            start++;
        }
        return new Range(start, end);
    }

    private boolean hasComma(int open) {
        for (int i = open + 1; i < code.partner(open); i = code.skip(i) + 1) {
            if (code.token(i).is(',')) {
                return true;
            }
        }
        return false;
    }

    /** The values of {@code a if c else b}, {@code c ? a : b}, {@code a or b}, {@code a + b}. */
    private Optional<List<Value>> combined(Range range, int depth) {
        int condition = -1;
        int plus = -1;
        for (int i = range.start(); i < range.end(); i = code.skip(i) + 1) {
            Token token = code.token(i);
            if (token.isWord("or") && code.isPython()) {
                return Optional.of(both(
                        of(new Range(range.start(), i), depth + 1),
                        of(new Range(i + 1, range.end()), depth + 1),
                        false));
            }
            if (token.isWord("if") && i > range.start() && condition < 0) {
                condition = i;
            } else if (token.isWord("else") && condition >= 0) {
                return Optional.of(both(
                        of(new Range(range.start(), condition), depth + 1),
                        of(new Range(i + 1, range.end()), depth + 1),
                        true));
            } else if (token.is('?') && !code.isPython() && condition < 0) {
                condition = i;
            } else if (token.is(':') && condition >= 0 && !code.isPython()) {
                int from = i == condition + 1 ? range.start() : condition + 1;
                int to = i == condition + 1 ? condition : i;
                return Optional.of(
                        both(of(new Range(from, to), depth + 1), of(new Range(i + 1, range.end()), depth + 1), true));
            } else if (token.is('+') && plus < 0) {
                plus = i;
            }
        }
        if (plus > range.start()) {
            return Optional.of(Texts.sum(
                    of(new Range(range.start(), plus), depth + 1), of(new Range(plus + 1, range.end()), depth + 1)));
        }
        return Optional.empty();
    }

    private static List<Value> both(List<Value> one, List<Value> other, boolean choice) {
        boolean several = choice && !one.isEmpty() && !other.isEmpty();
        List<Value> all = new ArrayList<>();
        one.forEach(value -> all.add(several ? value.asChoice() : value));
        other.forEach(value -> all.add(several ? value.asChoice() : value));
        return all;
    }

    private List<Value> elements(int open, int depth) {
        List<Value> all = new ArrayList<>();
        List<Range> parts = code.partner(open) < 0 ? List.of() : code.elements(open);
        for (Range part : parts) {
            int colon = part.start();
            while (colon < part.end() && !code.token(colon).is(':')) {
                colon = code.skip(colon) + 1;
            }
            Range value = colon < part.end() ? new Range(colon + 1, part.end()) : part;
            of(value, depth + 1).forEach(one -> all.add(parts.size() > 1 ? one.asChoice() : one));
        }
        return all.size() > MOST_VALUES ? all.subList(0, MOST_VALUES) : all;
    }

    private List<Value> named(Range range, int depth) {
        Token last = code.token(range.end() - 1);
        if (last.is(')') && code.partner(range.end() - 1) > range.start()) {
            Call call = code.callAt(code.partner(range.end() - 1));
            return call == null ? List.of() : result(call, range, depth);
        }
        if (last.is(']') && code.partner(range.end() - 1) > range.start()) {
            return item(range, depth);
        }
        return last.kind() == Kind.WORD && isChain(range)
                ? variable(code.chain(range.end() - 1), range.end() - 1, depth)
                : List.of();
    }

    private boolean isChain(Range range) {
        for (int i = range.start(); i < range.end(); i++) {
            Token token = code.token(i);
            if (token.kind() != Kind.WORD && !token.is('.') && !token.is('?') && !token.is('!')) {
                int end = code.skip(i);
                if (end == i) {
                    return false;
                }
                i = end;
            }
        }
        return true;
    }

    private List<Value> result(Call call, Range range, int depth) {
        String function = call.simpleName();
        List<Value> all = new ArrayList<>();
        if (DEFAULTED.contains(function)) {
            call.positional(1).or(() -> call.named("default")).ifPresent(value -> all.addAll(of(value, depth + 1)));
            Range receiver = new Range(range.start(), Math.max(range.start(), call.open() - 2));
            if (function.equals("get") || function.equals("pop")) {
                all.addAll(picked(receiver, call.positional(0), depth));
            }
        } else if (DECLARED.contains(function)) {
            call.named("default").or(() -> call.positional(0)).ifPresent(value -> all.addAll(of(value, depth + 1)));
        } else if (SAME.contains(function) && call.open() - 2 > range.start()) {
            all.addAll(of(new Range(range.start(), call.open() - 2), depth + 1));
            call.positional(0)
                    .filter(any -> function.equals("orElse"))
                    .ifPresent(value -> all.addAll(of(value, depth + 1)));
        } else if (UNCHANGED.contains(function)) {
            call.arguments().forEach(argument -> all.addAll(of(argument.value(), depth + 1)));
        } else {
            all.addAll(follow(variables.returned(function), depth));
        }
        return all;
    }

    private List<Value> item(Range range, int depth) {
        int open = code.partner(range.end() - 1);
        Range receiver = new Range(range.start(), open);
        return picked(receiver, Optional.of(new Range(open + 1, range.end() - 1)), depth);
    }

    /** The entries of a dictionary or list, or a single one if the key is known. */
    private List<Value> picked(Range receiver, Optional<Range> index, int depth) {
        Optional<String> key = index.filter(range -> range.end() - range.start() == 1)
                .map(range -> code.token(range.start()))
                .filter(token -> token.kind() == Kind.STRING)
                .map(Token::text);
        if (key.isPresent()) {
            List<Value> entry = follow(variables.entries(key.get()), depth);
            if (!entry.isEmpty()) {
                return entry;
            }
        }
        return of(receiver, depth + 1).stream().map(Value::asChoice).toList();
    }

    List<Value> variable(String name, int at, int depth) {
        if (depth >= DEEPEST) {
            return List.of();
        }
        return follow(variables.find(name, at), depth);
    }

    private List<Value> follow(List<VariableLookup.Found> found, int depth) {
        Set<Value> all = new LinkedHashSet<>();
        for (VariableLookup.Found one : found) {
            if (all.size() < MOST_VALUES && followed.add(one.value())) {
                of(one.value(), depth + 1)
                        .forEach(
                                value -> all.add(one.choice() ? value.asChoice().followed() : value.followed()));
                followed.remove(one.value());
            }
        }
        return List.copyOf(all);
    }
}
