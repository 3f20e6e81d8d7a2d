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
 * The declared models and their dependencies, found one after the other. A dependency of optional models alone is
 * optional. Two revisions are two models. If any model needs all files of a revision, all are fetched. Not thread-safe.
 */
public final class DeclaredModels {

    private final Map<ModelVersion, ModelDeclaration> models = new LinkedHashMap<>();
    private final Map<ModelVersion, Set<ModelReference>> dependents = new TreeMap<>();
    private final Set<ModelVersion> declared = new TreeSet<>();
    private final Set<ModelVersion> widened = new TreeSet<>();
    private final Deque<ModelVersion> unresolved = new ArrayDeque<>();

    private DeclaredModels(Collection<ModelDeclaration> declarations) {
        for (ModelDeclaration declaration : declarations) {
            declared.add(declaration.version());
            models.put(declaration.version(), declaration);
            unresolved.add(declaration.version());
        }
    }

    /**
     * Starts with the declared models.
     *
     * @param known resolves a declaration without a request, so that files which a dependency needs are requested at once
     */
    public static DeclaredModels of(
            Collection<ModelDeclaration> declarations, Function<ModelDeclaration, Optional<ResolvedModel>> known) {
        DeclaredModels before = known(declarations, known);
        DeclaredModels now = new DeclaredModels(before.models.values().stream()
                .filter(declaration -> before.declared.contains(declaration.version()))
                .toList());
        now.widened.addAll(before.widened);
        return now;
    }

    /** The declared models and the known dependencies. */
    static DeclaredModels known(
            Collection<ModelDeclaration> declarations, Function<ModelDeclaration, Optional<ResolvedModel>> known) {
        DeclaredModels models = new DeclaredModels(declarations);
        for (Optional<ModelDeclaration> next = models.next(); next.isPresent(); next = models.next()) {
            known.apply(next.get()).ifPresent(models::resolved);
        }
        return models;
    }

    /** The next model to resolve, which may be one again that now needs more files; empty at the end. */
    public Optional<ModelDeclaration> next() {
        return Optional.ofNullable(unresolved.poll()).map(models::get);
    }

    /** The models that are still to be resolved, in the order in which they were found. */
    public List<ModelDeclaration> waiting() {
        return unresolved.stream().map(models::get).toList();
    }

    /** Takes one of the models that are still to be resolved. */
    public void take(ModelDeclaration one) {
        unresolved.remove(one.version());
    }

    /** Adds the dependencies of a resolved model. */
    public void resolved(ResolvedModel model) {
        boolean optional = Optional.ofNullable(models.get(model.version()))
                .map(ModelDeclaration::optional)
                .orElse(false);
        for (ModelDeclaration dependency : model.dependencies()) {
            ModelVersion version = dependency.version();
            dependents.computeIfAbsent(version, unused -> new TreeSet<>()).add(model.reference());
            ModelDeclaration known = models.get(version);
            ModelDeclaration now = known == null ? dependency.optional(optional) : more(known, dependency, optional);
            if (!now.equals(known)) {
                models.put(version, now);
                unresolved.add(version);
            }
        }
    }

    private ModelDeclaration more(ModelDeclaration known, ModelDeclaration dependency, boolean optional) {
        ModelVersion version = known.version();
        boolean wider = dependency.isWhole() && !known.isWhole();
        if (wider) {
            widened.add(version);
        }
        ModelDeclaration files = wider ? known.whole() : known;
        return optional || declared.contains(version) ? files : files.optional(false);
    }

    /** The models that depend on this one. */
    public Set<ModelReference> dependents(ModelVersion version) {
        return Collections.unmodifiableSet(dependents.getOrDefault(version, Set.of()));
    }

    /** The models that are declared with patterns although another model needs all files. */
    public Set<ModelVersion> widened() {
        return Collections.unmodifiableSet(widened);
    }

    /** All models found so far, the declared ones first. */
    public List<ModelDeclaration> all() {
        return List.copyOf(models.values());
    }
}
