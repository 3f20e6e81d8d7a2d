package io.github.modelcache.model;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The models that a project wants: those it declares, and those that they bring along, found one after the other. What
 * only optional models bring is optional too. Two revisions of one model are two wanted models; whoever wants all files
 * of a revision gets them, also where somebody else asks for some of them only. Not for several threads.
 */
public final class WantedModels {

    private final Map<ModelVersion, ModelDeclaration> wanted = new LinkedHashMap<>();
    private final Map<ModelVersion, Set<ModelReference>> bringers = new TreeMap<>();
    private final Set<ModelVersion> declared = new TreeSet<>();
    private final Set<ModelVersion> widened = new TreeSet<>();
    private final Deque<ModelVersion> open = new ArrayDeque<>();

    private WantedModels(Collection<ModelDeclaration> declarations) {
        for (ModelDeclaration declaration : declarations) {
            declared.add(declaration.version());
            wanted.put(declaration.version(), declaration);
            open.add(declaration.version());
        }
    }

    /**
     * Begins with what is declared.
     *
     * @param known tells what a declaration stands for without asking anybody. A model of which another one needs all
     *     files is then asked for as a whole from the start
     */
    public static WantedModels of(
            Collection<ModelDeclaration> declarations, Function<ModelDeclaration, Optional<ResolvedModel>> known) {
        WantedModels before = known(declarations, known);
        WantedModels now = new WantedModels(before.wanted.values().stream()
                .filter(declaration -> before.declared.contains(declaration.version()))
                .toList());
        now.widened.addAll(before.widened);
        return now;
    }

    /** All that are wanted, as far as is known what they stand for. */
    static WantedModels known(
            Collection<ModelDeclaration> declarations, Function<ModelDeclaration, Optional<ResolvedModel>> known) {
        WantedModels wanted = new WantedModels(declarations);
        for (Optional<ModelDeclaration> next = wanted.next(); next.isPresent(); next = wanted.next()) {
            known.apply(next.get()).ifPresent(wanted::resolved);
        }
        return wanted;
    }

    /** The next model to resolve; empty when there is none left. One may come again, when more of it is wanted. */
    public Optional<ModelDeclaration> next() {
        return Optional.ofNullable(open.poll()).map(wanted::get);
    }

    /** Learns what a wanted model stands for, and so what it brings. */
    public void resolved(ResolvedModel model) {
        boolean optional = Optional.ofNullable(wanted.get(model.version()))
                .map(ModelDeclaration::optional)
                .orElse(false);
        for (ModelDeclaration brought : model.brings()) {
            ModelVersion version = brought.version();
            bringers.computeIfAbsent(version, unused -> new TreeSet<>()).add(model.reference());
            ModelDeclaration known = wanted.get(version);
            ModelDeclaration now = known == null ? brought.optional(optional) : more(known, brought, optional);
            if (!now.equals(known)) {
                wanted.put(version, now);
                open.add(version);
            }
        }
    }

    private ModelDeclaration more(ModelDeclaration known, ModelDeclaration brought, boolean optional) {
        ModelVersion version = known.version();
        boolean wider = brought.isWhole() && !known.isWhole();
        if (wider) {
            widened.add(version);
        }
        ModelDeclaration files = wider ? known.whole() : known;
        return optional || declared.contains(version) ? files : files.optional(false);
    }

    /** Who brings a model, besides the project's own declaration. */
    public Set<ModelReference> bringers(ModelVersion version) {
        return Collections.unmodifiableSet(bringers.getOrDefault(version, Set.of()));
    }

    /** The models that are declared with patterns, and of which others need all files. */
    public Set<ModelVersion> widened() {
        return Collections.unmodifiableSet(widened);
    }

    /** All that are known by now, the declared ones first. */
    public List<ModelDeclaration> all() {
        return List.copyOf(wanted.values());
    }
}
