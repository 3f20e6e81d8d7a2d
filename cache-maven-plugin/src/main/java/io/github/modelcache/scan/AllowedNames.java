package io.github.modelcache.scan;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The names that a pickle may import, from the table {@code allowed-names.txt}, where each has its reason. */
final class AllowedNames {
    private static final String ANY_CLASS = "<class>";
    private static final Pattern CLASS = Pattern.compile("_?[A-Z][A-Za-z0-9_]*");

    private final Map<String, Use> exact = new HashMap<>();
    private final List<Group> groups = new ArrayList<>();

    /** What may be done with a name. */
    enum Use {
        /** Nothing: it is not in the table. */
        NONE,
        /** It may be named, and made without a call of its own code: {@code cls.__new__} and its state. */
        CLASS,
        /** It may be called, too. */
        CALL
    }

    private record Group(String module, boolean below, Use use) {
        boolean has(String other, String name) {
            boolean own = below && other.startsWith(module + ".") && !other.contains(".externals.");
            return (own || other.equals(module)) && CLASS.matcher(name).matches();
        }
    }

    private AllowedNames() {}

    static AllowedNames load() {
        AllowedNames names = new AllowedNames();
        try (InputStream in = AllowedNames.class.getResourceAsStream("allowed-names.txt")) {
            if (in == null) {
                throw new IllegalStateException("allowed-names.txt is missing in the plugin");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    names.add(line.split("\\|", -1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    /** Columns: use, module (with {@code .*} those below it too), names, reason. */
    private void add(String[] columns) {
        if (columns.length != 4 || columns[3].isBlank()) {
            throw new IllegalStateException("allowed-names.txt: expected 4 columns in " + String.join("|", columns));
        }
        Use use = columns[0].strip().equals("call") ? Use.CALL : Use.CLASS;
        for (String spelled : columns[1].strip().split(" ", -1)) {
            boolean below = spelled.endsWith(".*");
            String module = below ? spelled.substring(0, spelled.length() - 2) : spelled;
            for (String name : columns[2].strip().split(" ", -1)) {
                if (name.equals(ANY_CLASS)) {
                    groups.add(new Group(module, below, use));
                } else {
                    exact.merge(module + " " + name, use, (a, b) -> a == Use.CALL ? a : b);
                }
            }
        }
    }

    Use of(String module, String name) {
        Use found = exact.get(module + " " + name);
        if (found != null) {
            return found;
        }
        Use most = Use.NONE;
        for (Group group : groups) {
            if (group.has(module, name) && group.use().compareTo(most) > 0) {
                most = group.use();
            }
        }
        return most;
    }
}
