package io.github.modelcache.discover.code;

import io.github.modelcache.discover.code.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The tokens of a file with their brackets matched, its imports, and its calls. */
public final class SourceCode {

    /** A longer chain of calls is not followed to its start. */
    private static final int LONGEST_CHAIN = 40;

    private static final int LONGEST_TYPE_ARGUMENTS = 8;
    private static final int LONGEST_LIST = 20;
    private static final int LONGEST_LITERAL = 200;

    private final List<Token> tokens = new ArrayList<>();
    private final List<Token> comments = new ArrayList<>();
    private final boolean python;
    private final int[] partner;
    private final Map<String, String> imports = new HashMap<>();
    private final Map<Integer, Call> calls = new HashMap<>();
    private final List<Call> inOrder = new ArrayList<>();

    /** Reads the tokens of {@link Tokenizer}. */
    public SourceCode(List<Token> all, boolean python) {
        this.python = python;
        all.forEach(token -> (token.kind() == Kind.COMMENT ? comments : tokens).add(token));
        this.partner = partners(tokens);
        if (python) {
            readImports();
        }
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
        return partner[index];
    }

    /** The call whose arguments begin at this bracket; null if it is none. */
    @Nullable
    Call callAt(int open) {
        return calls.get(open);
    }

    private static int[] partners(List<Token> tokens) {
        int[] partner = new int[tokens.size()];
        Arrays.fill(partner, -1);
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < partner.length; i++) {
            Token token = tokens.get(i);
            if (token.is('(') || token.is('[') || token.is('{')) {
                open.push(i);
            } else if (token.is(')') || token.is(']') || token.is('}')) {
                close(tokens, open, partner, i);
            }
        }
        return partner;
    }

    private static void close(List<Token> tokens, Deque<Integer> open, int[] partner, int at) {
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

    private void readImports() {
        for (int i = 0; i < tokens.size(); i++) {
            if (i > 0 && tokens.get(i - 1).kind() != Kind.END) {
                continue;
            }
            if (tokens.get(i).isWord("from")) {
                readFrom(i + 1);
            } else if (tokens.get(i).isWord("import")) {
                readNames(i + 1, "");
            }
        }
    }

    private void readFrom(int start) {
        int i = start;
        StringBuilder module = new StringBuilder();
        while (i < tokens.size()
                && !tokens.get(i).isWord("import")
                && tokens.get(i).kind() != Kind.END) {
            module.append(tokens.get(i++).text());
        }
        readNames(i + 1, module + ".");
    }

    /** {@code a.b as c, d} or the same in brackets. */
    private void readNames(int start, String module) {
        StringBuilder name = new StringBuilder();
        String alias = "";
        for (int i = start; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean end = token.kind() == Kind.END || token.is(')');
            if (end || token.is(',')) {
                remember(module, name.toString(), alias);
                name.setLength(0);
                alias = "";
                if (end) {
                    return;
                }
            } else if (token.isWord("as") && i + 1 < tokens.size()) {
                alias = tokens.get(++i).text();
            } else if (token.kind() == Kind.WORD || token.is('.')) {
                name.append(token.text());
            }
        }
        remember(module, name.toString(), alias);
    }

    private void remember(String module, String name, String alias) {
        if (!alias.isEmpty()) {
            imports.put(alias, module + name);
        } else if (!module.isEmpty()) {
            imports.put(name, module + name);
        }
    }

    /** Whether any string is of a kind. */
    public boolean hasText(Predicate<String> kind) {
        return tokens.stream().anyMatch(token -> token.isText() && kind.test(token.text()));
    }

    /** Whether a name is imported from its module, under any name. */
    public boolean imports(String full) {
        return imports.containsValue(full);
    }

    private void readCall(int open) {
        int last = open - 1;
        if (tokens.get(last).is('>')) {
            last = beforeTypeArguments(last);
        }
        if (last < 0 || tokens.get(last).kind() != Kind.WORD || partner[open] < 0) {
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

    /** The dotted name that ends at a word, the import resolved. */
    public String chain(int last) {
        Deque<String> parts = new ArrayDeque<>();
        int i = last;
        while (i >= 0 && parts.size() < LONGEST_CHAIN) {
            Token token = tokens.get(i);
            while ((token.is(')') || token.is(']')) && partner[i] > 0) {
                i = partner[i] - 1;
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
        parts.push(imports.getOrDefault(first, first));
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

    /** Whether a call gets a dictionary as its arguments: {@code f(**options)}. */
    public boolean unpacks(Call call) {
        return call.arguments().stream()
                .map(argument -> argument.value().start())
                .anyMatch(at -> tokens.get(at).is('*') && tokens.get(at + 1).is('*'));
    }

    /** What {@code partial(function, arguments...)} calls. */
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

    /** The string that an expression is, if it is short. */
    public Optional<Token> literal(Range range) {
        return range.end() - range.start() == 1
                        && tokens.get(range.start()).kind() == Kind.STRING
                        && tokens.get(range.start()).text().length() <= LONGEST_LITERAL
                ? Optional.of(tokens.get(range.start()))
                : Optional.empty();
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

    /** The strings of the list that a string is an element of, what is no string as {@code ?}; empty if there is none. */
    public List<String> listAround(int index) {
        int open = index;
        while (open >= 0
                && index - open < LONGEST_LIST
                && !(tokens.get(open).is('[') || tokens.get(open).is('('))) {
            open--;
        }
        if (open < 0 || !(tokens.get(open).is('[') || tokens.get(open).is('(')) || partner[open] < index) {
            return List.of();
        }
        return elements(open).stream()
                .map(part -> part.end() - part.start() == 1
                                && tokens.get(part.start()).kind() == Kind.STRING
                        ? tokens.get(part.start()).text()
                        : "?")
                .toList();
    }

    /** The index of the last token of what begins here: the closing bracket, or the token itself. */
    int skip(int index) {
        Token token = tokens.get(index);
        boolean opens = token.is('(') || token.is('[') || token.is('{');
        return opens && partner[index] > index ? partner[index] : index;
    }
}
