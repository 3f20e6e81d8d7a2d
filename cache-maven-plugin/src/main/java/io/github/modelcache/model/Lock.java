package io.github.modelcache.model;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The models of a project, each pinned to a revision and to the digests of its files. Immutable. */
public final class Lock {

    /** A lock that pins nothing. */
    public static final Lock EMPTY = new Lock(List.of());

    private final SortedMap<ModelVersion, ResolvedModel> models;

    private Lock(Collection<ResolvedModel> resolved) {
        models = new TreeMap<>();
        for (ResolvedModel model : resolved) {
            if (!model.complete()) {
                throw new IllegalArgumentException(model.reference() + " has files without size or digest");
            }
            if (models.put(model.version(), model) != null) {
                throw new IllegalArgumentException(model.version() + " is locked twice");
            }
        }
    }

    /**
     * A lock of the given models.
     *
     * @throws IllegalArgumentException when one is incomplete or named twice
     */
    public static Lock of(Collection<ResolvedModel> models) {
        return new Lock(models);
    }

    /** The locked models, sorted by reference and revision. */
    public Collection<ResolvedModel> models() {
        return models.values();
    }

    /** All locked versions of a model; mostly there is one. */
    public List<ResolvedModel> versions(ModelReference reference) {
        return models.values().stream()
                .filter(model -> model.reference().equals(reference))
                .toList();
    }

    public Optional<ResolvedModel> find(ModelVersion version) {
        return Optional.ofNullable(models.get(version));
    }

    /** The locked model of a declaration with the same reference, request and digest. */
    public Optional<ResolvedModel> find(ModelDeclaration declaration) {
        return find(declaration.version())
                .filter(model -> model.request().equals(declaration.request()))
                .filter(model -> declaration.sha256().isEmpty()
                        || model.revision().equals(declaration.sha256().get().toString())
                        || model.files().stream().allMatch(file -> file.digest().equals(declaration.sha256())));
    }

    /** The declared models, then their dependencies. A dependency of optional models alone is optional. */
    public List<ModelDeclaration> withDependencies(Collection<ModelDeclaration> declared) {
        return withDependencies(declared, declaration -> find(declaration));
    }

    /** The declared models, then their dependencies as {@code resolved} knows them. */
    public static List<ModelDeclaration> withDependencies(
            Collection<ModelDeclaration> declared, Function<ModelDeclaration, Optional<ResolvedModel>> resolved) {
        return DeclaredModels.known(declared, resolved).all();
    }

    /**
     * This lock with the pins that others changed meanwhile. A pin that both changed keeps this lock's value.
     *
     * @param before the lock that this one started from
     * @param now the lock that the others wrote
     */
    public Lock withChanges(Lock before, Lock now) {
        SortedMap<ModelVersion, ResolvedModel> both = new TreeMap<>(models);
        for (ResolvedModel other : now.models()) {
            ModelVersion version = other.version();
            if (find(version).equals(before.find(version))) {
                both.put(version, other);
            }
        }
        return new Lock(both.values());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Lock lock && models.equals(lock.models);
    }

    @Override
    public int hashCode() {
        return models.hashCode();
    }
}
