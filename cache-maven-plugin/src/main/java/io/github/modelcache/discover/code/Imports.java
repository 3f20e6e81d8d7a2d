package io.github.modelcache.discover.code;

import io.github.modelcache.discover.code.Token.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The full names of what a Python file imports. */
final class Imports {

    private final List<Token> tokens;
    private final Map<String, String> full = new HashMap<>();

    Imports(List<Token> tokens) {
        this.tokens = tokens;
    }

    Imports read() {
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
        return this;
    }

    /** The name with its module, if it is imported. */
    String full(String name) {
        return full.getOrDefault(name, name);
    }

    /** Whether a name is imported from its module, under any name. */
    boolean has(String fullName) {
        return full.containsValue(fullName);
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
            full.put(alias, module + name);
        } else if (!module.isEmpty()) {
            full.put(name, module + name);
        }
    }
}
