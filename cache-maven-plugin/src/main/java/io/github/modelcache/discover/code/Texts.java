package io.github.modelcache.discover.code;

import io.github.modelcache.discover.code.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Computes the texts of templates and of concatenated strings. */
final class Texts {

    private static final Pattern FORMAT = Pattern.compile("%[sd]|\\{\\}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$?\\{([A-Za-z_][\\w.]*)\\}");

    private final SourceCode code;
    private final Values values;

    Texts(SourceCode code, Values values) {
        this.code = code;
        this.values = values;
    }

    /** The texts of {@code first + second}. */
    static List<Value> sum(List<Value> first, List<Value> second) {
        List<Value> all = new ArrayList<>();
        for (Value left : first) {
            for (Value right : second) {
                if (all.size() < Values.MOST_VALUES) {
                    all.add(new Value(
                            left.text() + right.text(), right.line(), left.choice() || right.choice(), left.literal()));
                }
            }
        }
        return all;
    }

    /** The texts of {@code "%s/x" % owner} and {@code "{}/x".format(owner)}, if the arguments are known. */
    Optional<List<Value>> formatted(Range range, int depth) {
        int text = range.start();
        int next = text + 1;
        boolean percent = next + 1 < range.end() && code.token(next).is('%');
        boolean format = next + 2 < range.end()
                && code.token(next).is('.')
                && (code.token(next + 1).isWord("format")
                        || code.token(next + 1).isWord("formatted"))
                && code.partner(next + 2) == range.end() - 1;
        if (!percent && !format) {
            return Optional.empty();
        }
        int open = percent ? next + 1 : next + 2;
        List<Range> arguments = code.token(open).is('(') && code.partner(open) == range.end() - 1
                ? code.elements(open)
                : List.of(new Range(open, range.end()));
        Token token = code.token(text);
        List<Value> all = List.of(literal(token, 0, 0));
        Matcher matcher = FORMAT.matcher(token.text());
        int from = 0;
        int argument = 0;
        while (matcher.find()) {
            if (argument == arguments.size()) {
                return Optional.of(List.of());
            }
            all = sum(all, List.of(literal(token, from, matcher.start())));
            all = sum(all, values.of(arguments.get(argument++), depth + 1));
            from = matcher.end();
        }
        return Optional.of(sum(all, List.of(literal(token, from, token.text().length()))));
    }

    /** The texts of adjacent strings, which are one string. */
    List<Value> text(Range range, int depth) {
        List<Value> all = List.of(literal(code.token(range.start()), 0, 0));
        for (int i = range.start(); i < range.end(); i++) {
            Token token = code.token(i);
            if (!token.isText()) {
                return List.of();
            }
            all = sum(
                    all,
                    token.kind() == Kind.TEMPLATE
                            ? template(token, i, depth)
                            : List.of(literal(token, 0, token.text().length())));
        }
        return all;
    }

    private static Value literal(Token token, int from, int to) {
        return new Value(token.text().substring(from, to), token.line(), false, true);
    }

    /** Replaces placeholders by the values of variables. No text if a value is unknown. */
    private List<Value> template(Token token, int index, int depth) {
        if (!code.isPython() && token.text().startsWith("${") && token.text().endsWith("}")) {
            return springDefault(token);
        }
        Matcher matcher = PLACEHOLDER.matcher(token.text());
        List<Value> all = List.of(literal(token, 0, 0));
        int from = 0;
        while (matcher.find() && depth < Values.DEEPEST) {
            all = sum(all, List.of(literal(token, from, matcher.start())));
            all = sum(all, values.variable(matcher.group(1), index, depth));
            from = matcher.end();
        }
        return token.text().indexOf('{', from) >= 0
                ? List.of()
                : sum(all, List.of(literal(token, from, token.text().length())));
    }

    /** The default in {@code ${key:default}}. */
    private static List<Value> springDefault(Token token) {
        int colon = token.text().indexOf(':');
        return colon < 0
                ? List.of()
                : List.of(literal(token, colon + 1, token.text().length() - 1));
    }
}
