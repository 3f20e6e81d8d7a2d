package io.github.modelcache.discover.code;

import io.github.modelcache.discover.code.Definitions.Definition;
import io.github.modelcache.discover.code.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The functions of a Python file, and the function that each token belongs to. */
final class Functions {

    private final SourceCode code;
    private final Consumer<Definition> found;
    private final Map<Integer, List<Function>> byScope = new HashMap<>();
    private final int[] scopes;

    /** A parameter; {@code value} is its default. */
    record Parameter(String name, int index, Optional<Range> value) {}

    /** A function; {@code owner} is the name of its class, empty if it has none. */
    record Function(String name, String owner, int scope, int column, List<Parameter> parameters) {

        /** The name in calls; a constructor is called by the name of its class. */
        String calledAs() {
            return name.equals("__init__") ? owner : name;
        }
    }

    /** {@code found} receives the defaults of parameters. */
    Functions(SourceCode code, Consumer<Definition> found) {
        this.code = code;
        this.found = found;
        this.scopes = new int[code.size()];
    }

    /** The functions with this number. Empty outside of functions; several if they are on one line. */
    List<Function> ofScope(int scope) {
        return byScope.getOrDefault(scope, List.of());
    }

    /** The number of the innermost function around a token; 0 outside of functions. */
    int scope(int index) {
        return scopes[index];
    }

    private record Open(Function function, boolean isClass) {}

    Functions read() {
        Deque<Open> open = new ArrayDeque<>();
        int count = 0;
        int scope = 0;
        for (int i = 0; i < code.size(); i++) {
            Token token = code.token(i);
            boolean starts = (i == 0 || code.token(i - 1).kind() == Kind.END) && token.kind() != Kind.END;
            while (starts && !open.isEmpty() && open.peek().function().column() >= token.column()) {
                open.pop();
                scope = innermost(open);
            }
            scopes[i] = scope;
            boolean defines = (token.isWord("def") || token.isWord("class"))
                    && i + 2 < code.size()
                    && code.token(i + 1).kind() == Kind.WORD;
            if (defines) {
                boolean isClass = token.isWord("class");
                int column = starts ? token.column() : Math.max(0, token.column() - "async ".length());
                String owner = !open.isEmpty() && open.peek().isClass()
                        ? open.peek().function().name()
                        : "";
                Function function = new Function(
                        code.token(i + 1).text(),
                        owner,
                        isClass ? 0 : ++count,
                        column,
                        isClass ? List.of() : parameters(i + 2, !owner.isEmpty(), count));
                open.push(new Open(function, isClass));
                scope = innermost(open);
                if (!isClass) {
                    byScope.computeIfAbsent(function.scope(), any -> new ArrayList<>())
                            .add(function);
                }
            }
        }
        return this;
    }

    private static int innermost(Deque<Open> open) {
        return open.stream()
                .filter(one -> !one.isClass())
                .map(one -> one.function().scope())
                .findFirst()
                .orElse(0);
    }

    private List<Parameter> parameters(int open, boolean method, int scope) {
        if (!code.token(open).is('(') || code.partner(open) < 0) {
            return List.of();
        }
        List<Parameter> parameters = new ArrayList<>();
        for (Range part : code.elements(open)) {
            if (code.token(part.start()).kind() != Kind.WORD) {
                continue; // * and /
            }
            String name = code.token(part.start()).text();
            Optional<Range> value = Optional.empty();
            for (int i = part.start() + 1; i < part.end(); i = code.skip(i) + 1) {
                if (code.token(i).is('=')) {
                    value = Optional.of(new Range(i + 1, part.end()));
                    break;
                }
            }
            parameters.add(new Parameter(name, parameters.size() - (method ? 1 : 0), value));
            value.ifPresent(range -> found.accept(new Definition(name, part.start(), range, scope, true, true, false)));
        }
        return parameters;
    }
}
