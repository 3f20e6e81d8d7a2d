package io.github.modelcache.discover;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Follows names from the file of a call to the file that defines them, if only one value in the project has the name. */
final class OpenNames {

    private static final Comparator<Constant> PLACE =
            Comparator.comparing(Constant::file).thenComparing(Constant::line);

    private final ModelNaming naming;
    private final Map<String, Set<Constant>> constants = new HashMap<>();
    private final Set<Use> uses = new LinkedHashSet<>();

    /** A constant of a file. */
    record Constant(String name, String text, String file, int line) {}

    /** A call that gets a name which its file does not define. */
    record Use(String name, ModelKind kind, String how) {}

    OpenNames(ModelNaming naming) {
        this.naming = naming;
    }

    void add(List<Constant> some, List<Use> calls) {
        some.forEach(one -> constants
                .computeIfAbsent(one.name(), any -> new LinkedHashSet<>())
                .add(one));
        uses.addAll(calls);
    }

    /** The models that the calls load. */
    List<Mention> mentions() {
        List<Mention> found = new ArrayList<>();
        for (Use use : uses) {
            Set<Constant> all = constants.getOrDefault(use.name(), Set.of());
            if (all.stream().map(Constant::text).distinct().count() == 1) {
                Constant constant = all.stream().min(PLACE).orElseThrow();
                Optional<NamedModel> model = naming.of(use.kind(), constant.text());
                model.ifPresent(named -> new Findings(found, constant.file())
                        .add(named, constant.line(), use.how(), Certainty.CERTAIN, false));
            }
        }
        return found;
    }
}
