package io.github.modelcache.model;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The models that a project wants: those it declares, and those that they bring along, found one after the other. What
 * only optional models bring is optional too. Not for several threads.
 */
public final class WantedModels {

    private final Map<ModelReference, ModelDeclaration> wanted = new LinkedHashMap<>();
    private final Set<ModelReference> declared = new TreeSet<>();
    private final Deque<ModelReference> open = new ArrayDeque<>();

    /** Begins with what is declared. */
    public WantedModels(Collection<ModelDeclaration> declarations) {
        for (ModelDeclaration declaration : declarations) {
            declared.add(declaration.reference());
            wanted.put(declaration.reference(), declaration);
            open.add(declaration.reference());
        }
    }

    /** The next model to resolve; empty when there is none left. */
    public Optional<ModelDeclaration> next() {
        return Optional.ofNullable(open.poll()).map(wanted::get);
    }

    /** Learns what a wanted model stands for, and so what it brings. */
    public void resolved(ResolvedModel model) {
        boolean optional = Optional.ofNullable(wanted.get(model.reference()))
                .map(ModelDeclaration::optional)
                .orElse(false);
        for (ModelDeclaration brought : model.brings()) {
            ModelDeclaration known = wanted.get(brought.reference());
            boolean harder = known != null && known.optional() && !optional;
            if (known == null || (harder && !declared.contains(brought.reference()))) {
                wanted.put(brought.reference(), brought.optional(optional));
                open.add(brought.reference());
            }
        }
    }

    /** All that are known by now, the declared ones first. */
    public List<ModelDeclaration> all() {
        return List.copyOf(wanted.values());
    }
}
