package io.github.modelcache.discover;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds constants that one file defines and another uses. A name counts if it has only one value in the project. */
final class OpenNames {

    private static final Comparator<Constant> PLACE =
            Comparator.comparing(Constant::file).thenComparing(Constant::line);

    private final ModelNaming naming;
    private final Map<String, Set<Constant>> constants = new HashMap<>();
    private final Map<String, Set<String>> aliases = new HashMap<>();
    private final Set<Use> uses = new LinkedHashSet<>();

    /** A constant of a file. */
    record Constant(String name, String text, String file, int line) {

        boolean isAt(Mention mention) {
            return line == mention.line() && file.equals(mention.file());
        }
    }

    /** A call whose argument is a constant of another file. {@code before} is put before the constant's value. */
    record Use(String name, ModelKind kind, String how, String before) {

        Use(String name, ModelKind kind, String how) {
            this(name, kind, how, "");
        }
    }

    OpenNames(ModelNaming naming) {
        this.naming = naming;
    }

    void add(List<Constant> some, Map<String, String> others, List<Use> calls) {
        some.forEach(one -> constants
                .computeIfAbsent(one.name(), any -> new LinkedHashSet<>())
                .add(one));
        others.forEach((name, other) ->
                aliases.computeIfAbsent(name, any -> new HashSet<>()).add(other));
        uses.addAll(calls);
    }

    /** The constants with a name. If there are none, those of its only alias. */
    private Set<Constant> constants(String name) {
        Set<String> others = aliases.getOrDefault(name, Set.of());
        String known = constants.containsKey(name) || others.size() != 1
                ? name
                : others.iterator().next();
        return constants.getOrDefault(known, Set.of());
    }

    /** Adds the models that these calls load, and removes models that are passed to services only. */
    void complete(List<Mention> mentions) {
        List<Mention> found = new ArrayList<>();
        for (Use use : uses) {
            Set<Constant> all = constants(use.name());
            if (all.stream().map(Constant::text).distinct().count() != 1) {
                continue;
            }
            if (use.kind() == ModelKind.HOSTED) {
                mentions.removeIf(mention -> mention.certainty() != Certainty.CERTAIN
                        && all.stream().anyMatch(constant -> constant.isAt(mention)));
                continue;
            }
            Constant constant = all.stream().min(PLACE).orElseThrow();
            naming.of(use.kind(), use.before() + constant.text())
                    .ifPresent(named -> new Findings(found, constant.file())
                            .add(named, constant.line(), use.how(), Certainty.CERTAIN, false));
        }
        mentions.addAll(found);
    }
}
