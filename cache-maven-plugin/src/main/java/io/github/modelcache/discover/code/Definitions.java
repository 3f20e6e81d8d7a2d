package io.github.modelcache.discover.code;

import io.github.modelcache.discover.code.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The names that a file defines: variables, fields, parameters with defaults, and command-line options. */
public final class Definitions {

    private final SourceCode code;
    private final Map<String, List<Definition>> byName = new LinkedHashMap<>();
    private final Functions functions;

    /**
     * One definition.
     *
     * @param at index of the name
     * @param value the expression
     * @param scope number of the function that it is in; 0 outside of functions
     * @param inner whether it is a variable, not a field, an option or an entry of a dictionary
     * @param always whether every run of its scope executes it
     * @param choice whether it is one of several values
     */
    public record Definition(
            String name, int at, Range value, int scope, boolean inner, boolean always, boolean choice) {

        /** Whether other files may use it: a constant, or a field of a class with its value. */
        public boolean isConstant(SourceCode code) {
            return scope == 0 && inner && !choice && (code.isPython() || SourceCode.isUpperCase(name));
        }
    }

    /** Reads the definitions of a file. */
    public Definitions(SourceCode code) {
        this.code = code;
        Functions all = new Functions(code, this::add);
        this.functions = code.isPython() ? all.read() : all;
        for (int i = 1; i + 1 < code.size(); i++) {
            if (code.token(i).is('=')) {
                readAssignment(i);
            } else if (code.token(i).is(':')) {
                readEntry(i);
            } else if (code.token(i).isWord("in") || (code.token(i).is(':') && !code.isPython())) {
                readLoop(i);
            } else if (code.token(i).isWord("return")) {
                readReturn(i);
            }
        }
        new OptionReader(code, this::add).read();
    }

    /** All definitions, in no particular order. */
    public List<Definition> all() {
        return byName.values().stream().flatMap(List::stream).toList();
    }

    /** The names of the parameters of a function; none outside of functions. */
    public List<String> parameters(int scope) {
        return functions.ofScope(scope).stream()
                .flatMap(function -> function.parameters().stream())
                .map(Functions.Parameter::name)
                .toList();
    }

    List<Definition> of(String name) {
        return byName.getOrDefault(name, List.of());
    }

    Functions functions() {
        return functions;
    }

    private void add(Definition definition) {
        byName.computeIfAbsent(definition.name(), any -> new ArrayList<>()).add(definition);
    }

    private void readAssignment(int equals) {
        Token next = code.token(equals + 1);
        Token before = code.token(equals - 1);
        boolean comparison = next.is('=') || before.is('=') || before.is('!') || before.is('<') || before.is('>');
        if (comparison || before.is('+')) {
            return;
        }
        if (before.is(']')) {
            readItem(equals);
            return;
        }
        int name = code.isPython() ? assigned(equals) : equals - 1;
        if (name < 0 || code.token(name).kind() != Kind.WORD) {
            return;
        }
        if (code.isPython() && name == equals - 1 && readTuple(equals)) {
            return;
        }
        boolean argument = code.isPython() && !isStatement(name);
        boolean field = name > 0 && code.token(name - 1).is('.');
        Range value = new Range(equals + 1, expressionEnd(equals + 1));
        Token first = code.token(statementStart(name));
        add(new Definition(
                code.token(name).text(),
                name,
                value,
                functions.scope(name),
                !field && !argument,
                isAlways(first, name),
                false));
    }

    /** Reads {@code a, b = x, y}. False if this is something else. What {@code a, b = f()} returns stays unknown. */
    private boolean readTuple(int equals) {
        int start = equals;
        while (start > 0
                && (code.token(start - 1).kind() == Kind.WORD
                        || code.token(start - 1).is(','))) {
            start--;
        }
        int names = (equals - start + 1) / 2;
        boolean statement = start == 0 || code.token(start - 1).kind() == Kind.END;
        if (names < 2 || !statement || !code.token(equals - 2).is(',')) {
            return false;
        }
        int from = equals + 1;
        for (int i = 0; i < names; i++) {
            Range value = new Range(from, expressionEnd(from));
            boolean last =
                    value.end() == code.size() || !code.token(value.end()).is(',');
            if (last != (i == names - 1)) {
                return true;
            }
            int name = start + 2 * i;
            add(new Definition(
                    code.token(name).text(),
                    name,
                    value,
                    functions.scope(name),
                    true,
                    isAlways(code.token(start), name),
                    false));
            from = value.end() + 1;
        }
        return true;
    }

    /** Reads {@code settings["name"] = value}. */
    private void readItem(int equals) {
        int open = code.partner(equals - 1);
        if (open >= 0 && equals - 1 - open == 2 && code.token(open + 1).kind() == Kind.STRING) {
            Range value = new Range(equals + 1, expressionEnd(equals + 1));
            add(new Definition(
                    code.token(open + 1).text(), open + 1, value, functions.scope(open), false, false, false));
        }
    }

    /** The index of the assigned name: before {@code =}, or before the type in {@code name: str = "..."}. */
    private int assigned(int equals) {
        int start = statementStart(equals - 1);
        for (int i = start; i < equals; i = code.skip(i) + 1) {
            if (code.token(i).is(':') && i > start) {
                return i - 1;
            }
        }
        return equals - 1;
    }

    private int statementStart(int index) {
        int i = index;
        while (i > 0) {
            Token before = code.token(i - 1);
            boolean opens = (before.is('(') || before.is('[') || before.is('{')) && code.partner(i - 1) > index;
            if (before.kind() == Kind.END || before.is(',') || before.is(';') || opens) {
                return i;
            }
            i = before.is(')') || before.is(']') || before.is('}') ? Math.max(0, code.partner(i - 1)) : i - 1;
            if (code.partner(i) < 0
                    && (code.token(i).is(')')
                            || code.token(i).is(']')
                            || code.token(i).is('}'))) {
                return i;
            }
        }
        return i;
    }

    /** Whether the assignment is a statement, not a named argument. */
    private boolean isStatement(int name) {
        int start = statementStart(name);
        return start == 0
                || code.token(start - 1).kind() == Kind.END
                || code.token(start - 1).is(';');
    }

    /** Whether it is at the top level of its function or file, not inside an {@code if} or a loop. */
    private boolean isAlways(Token first, int index) {
        if (!code.isPython()) {
            return true;
        }
        int scope = functions.scope(index);
        if (scope == 0) {
            return first.column() == 0;
        }
        return functions.ofScope(scope).stream().allMatch(function -> first.column() <= function.column() + 4);
    }

    /** Reads {@code "name": value} in a dictionary. */
    private void readEntry(int colon) {
        Token key = code.token(colon - 1);
        boolean entry = key.kind() == Kind.STRING
                && colon > 1
                && (code.token(colon - 2).is('{') || code.token(colon - 2).is(','));
        if (entry) {
            Range value = new Range(colon + 1, expressionEnd(colon + 1));
            add(new Definition(key.text(), colon - 1, value, functions.scope(colon), false, false, false));
        }
    }

    private void readLoop(int in) {
        int name = in - 1;
        if (code.token(name).is(')')) {
            name--;
        }
        boolean loop = false;
        for (int i = name; i >= 0 && i > name - 6; i--) {
            loop |= code.token(i).isWord("for");
        }
        if (loop && code.token(name).kind() == Kind.WORD) {
            Range value = new Range(in + 1, expressionEnd(in + 1));
            add(new Definition(code.token(name).text(), name, value, functions.scope(name), true, true, true));
        }
    }

    private void readReturn(int index) {
        if (functions.scope(index) > 0) {
            Range value = new Range(index + 1, expressionEnd(index + 1));
            functions
                    .ofScope(functions.scope(index))
                    .forEach(function ->
                            add(new Definition(function.name() + "()", index, value, 0, false, false, false)));
        }
    }

    /** The index behind the expression that starts here. */
    private int expressionEnd(int start) {
        int i = start;
        while (i < code.size()) {
            Token token = code.token(i);
            boolean closes = token.is(')') || token.is(']') || token.is('}') || token.is(',') || token.is(';');
            boolean ends = closes
                    || token.kind() == Kind.END
                    || (code.isPython() && (token.is(':') || token.isWord("for")))
                    || (!code.isPython() && i > start && startsStatement(i));
            if (ends) {
                return i;
            }
            i = code.skip(i) + 1;
        }
        return i;
    }

    /** Whether a new statement begins on this line, in languages without semicolons. */
    private boolean startsStatement(int index) {
        Token before = code.token(index - 1);
        Token token = code.token(index);
        boolean open = before.kind() == Kind.OPERATOR
                && "=+?:.,&|".indexOf(before.text().charAt(0)) >= 0;
        boolean goesOn = token.kind() == Kind.OPERATOR
                && "+?:.,&|)]}".indexOf(token.text().charAt(0)) >= 0;
        return token.line() > before.line() && !open && !goesOn;
    }
}
