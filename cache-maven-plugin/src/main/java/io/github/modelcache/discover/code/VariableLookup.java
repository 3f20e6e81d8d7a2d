package io.github.modelcache.discover.code;

import io.github.modelcache.discover.code.Definitions.Definition;
import io.github.modelcache.discover.code.Functions.Function;
import io.github.modelcache.discover.code.Functions.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the expressions that define a name at a position in a file. */
final class VariableLookup {

    private final SourceCode code;
    private final Definitions definitions;
    private final Map<String, List<Call>> calls = new HashMap<>();

    VariableLookup(SourceCode code, Definitions definitions) {
        this.code = code;
        this.definitions = definitions;
        code.calls()
                .forEach(call -> calls.computeIfAbsent(call.simpleName(), any -> new ArrayList<>())
                        .add(call));
    }

    /** An expression. {@code choice} means that it is one of several. */
    record Found(Range value, boolean choice) {}

    /** The expressions of a variable, or of a field with a dotted name. */
    List<Found> find(String name, int at) {
        int dot = name.lastIndexOf('.');
        if (dot >= 0) {
            boolean constant = name.endsWith(".value") && name.indexOf('.') < dot; // of an enumeration
            return fields(name.substring(
                    (constant ? name.lastIndexOf('.', dot - 1) : dot) + 1, constant ? dot : name.length()));
        }
        int scope = definitions.functions().scope(at);
        List<Definition> all = definitions.of(name);
        List<Found> found = new ArrayList<>();
        if (scope > 0) {
            found.addAll(found(
                    last(all.stream().filter(one -> one.scope() == scope).toList(), at)));
            found.addAll(passed(name, scope));
        }
        if (found.isEmpty()) {
            List<Definition> outside = all.stream()
                    .filter(one -> one.inner() && (one.scope() == 0 || one.scope() < scope))
                    .toList();
            found.addAll(found(last(outside, scope == 0 ? at : Integer.MAX_VALUE)));
        }
        return found.isEmpty() ? options(name) : found;
    }

    /** Command-line options with this name, which become parameters or fields. */
    private List<Found> options(String name) {
        return found(definitions.of(name).stream()
                .filter(one -> !one.inner() && one.scope() == 0)
                .toList());
    }

    /** Fields, dictionary entries, options and class variables with this name. */
    List<Found> fields(String name) {
        List<Definition> all = definitions.of(name);
        List<Definition> fields = all.stream().filter(one -> !one.inner()).toList();
        return found(fields.isEmpty() ? all : withConstants(all, fields));
    }

    /** Dictionary entries and options with this name. If there are none, fields and named arguments. */
    List<Found> entries(String name) {
        List<Definition> entries = definitions.of(name).stream()
                .filter(one -> !one.inner() && code.token(one.at()).kind() != Token.Kind.WORD)
                .toList();
        return entries.isEmpty() ? fields(name) : found(entries);
    }

    private static List<Definition> withConstants(List<Definition> all, List<Definition> fields) {
        List<Definition> both = new ArrayList<>(fields);
        all.stream()
                .filter(one -> one.inner() && one.scope() == 0 && !one.always())
                .forEach(both::add);
        return both;
    }

    /** The expressions that a function returns. */
    List<Found> returned(String function) {
        return found(definitions.of(function + "()"));
    }

    private static List<Found> found(List<Definition> some) {
        return some.stream().map(one -> new Found(one.value(), one.choice())).toList();
    }

    /**
     * The definitions that can apply at a position: those before it, back to the last one that is always executed. If there
     * are none, those after it.
     */
    private static List<Definition> last(List<Definition> some, int at) {
        List<Definition> before = some.stream()
                .filter(one -> one.at() < at && !one.value().contains(at)) // n = f"{n}-4bit" means the n before
                .sorted(Comparator.comparingInt(Definition::at).reversed())
                .toList();
        if (before.isEmpty()) {
            return some;
        }
        List<Definition> holding = new ArrayList<>();
        for (Definition one : before) {
            holding.add(one);
            if (one.always() && !one.choice()) {
                break;
            }
        }
        return holding;
    }

    /** The arguments for a parameter in all calls of its function in this file. */
    private List<Found> passed(String name, int scope) {
        List<Found> found = new ArrayList<>();
        for (Function function : definitions.functions().ofScope(scope)) {
            for (Parameter parameter : function.parameters()) {
                if (parameter.name().equals(name)) {
                    calls.getOrDefault(function.calledAs(), List.of()).stream()
                            .filter(call -> mayCall(call, function))
                            .forEach(call ->
                                    argument(call, parameter).ifPresent(value -> found.add(new Found(value, false))));
                }
            }
        }
        return found;
    }

    /** {@code other.load()} does not call a function {@code load} of this file, unless that is a method. */
    private static boolean mayCall(Call call, Function function) {
        return !function.owner().isEmpty() || call.name().indexOf('.') < 0;
    }

    private static Optional<Range> argument(Call call, Parameter parameter) {
        return call.named(parameter.name())
                .or(() -> parameter.index() < 0 ? Optional.empty() : call.positional(parameter.index()));
    }
}
