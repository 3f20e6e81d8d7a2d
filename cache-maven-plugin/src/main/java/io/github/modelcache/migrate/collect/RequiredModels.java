package io.github.modelcache.migrate.collect;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.family.huggingface.RefFile;
import io.github.modelcache.model.FilePatterns;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ModelVersion;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The models that the project declares or has locked, and which of their files it needs. */
final class RequiredModels {

    private final Lock lock;
    private final Set<Path> lockedPlaces = new HashSet<>();
    private final Map<ModelReference, Map<ModelVersion, ModelRequest>> requests = new TreeMap<>();

    RequiredModels(CacheConfig config, Lock lock) {
        this.lock = lock;
        Layouts layouts = new Layouts(config);
        for (ResolvedModel model : lock.models()) {
            layouts.find(model.reference()).ifPresent(layout -> lockedPlaces.add(layout.place(model)));
        }
        lock.models().forEach(model -> add(model.version(), model.request()));
        lock.withDependencies(config.models())
                .forEach(declaration -> add(declaration.version(), declaration.request()));
    }

    private void add(ModelVersion version, ModelRequest request) {
        requests.computeIfAbsent(version.reference(), unused -> new TreeMap<>()).put(version, request);
    }

    /** The models, sorted. */
    Set<ModelReference> models() {
        return requests.keySet();
    }

    /** Whether a locked model belongs to this path. */
    boolean isLockedPlace(Path path) {
        return lockedPlaces.contains(path);
    }

    /** The locked versions of a model whose declaration has not changed. */
    List<ResolvedModel> locked(ModelReference model) {
        return requests.getOrDefault(model, Map.of()).entrySet().stream()
                .map(asked -> lock.find(asked.getKey())
                        .filter(found -> found.request().equals(asked.getValue())))
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * One revision of a hub repository, and those of its files that are needed.
     *
     * @param all whether all files are
     */
    private record Part(String commit, Predicate<String> files, boolean all) {}

    /** The revisions of a hub repository that are needed. */
    static final class Selection {

        private final List<Part> parts;

        private Selection(List<Part> parts) {
            this.parts = parts;
        }

        /** Whether a commit is needed. */
        boolean has(String commit) {
            return parts.stream().anyMatch(part -> part.commit().equals(commit));
        }

        /** Whether a commit is needed with all its files. */
        boolean hasWhole(String commit) {
            return parts.stream().anyMatch(part -> part.commit().equals(commit) && part.all());
        }

        /** Whether a file of a commit is needed. */
        boolean has(String commit, String file) {
            return parts.stream()
                    .anyMatch(
                            part -> part.commit().equals(commit) && part.files().test(file));
        }
    }

    /** The needed revisions of a hub repository; empty if it has none of them. */
    Optional<Selection> selection(ModelReference model, Path repository) throws IOException {
        List<Part> parts = new ArrayList<>();
        for (Map.Entry<ModelVersion, ModelRequest> asked :
                requests.getOrDefault(model, Map.of()).entrySet()) {
            part(asked.getKey(), asked.getValue(), repository).ifPresent(parts::add);
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(new Selection(parts));
    }

    private Optional<Part> part(ModelVersion version, ModelRequest request, Path repository) throws IOException {
        Optional<ResolvedModel> locked =
                lock.find(version).filter(found -> found.request().equals(request));
        boolean all = request.include().isEmpty() && request.exclude().isEmpty();
        if (locked.isPresent()) {
            Set<String> files =
                    locked.get().files().stream().map(ModelFile::path).collect(Collectors.toSet());
            return Optional.of(new Part(locked.get().revision(), files::contains, all));
        }
        FilePatterns patterns = new FilePatterns(request.include(), request.exclude());
        return commit(request, repository).map(commit -> new Part(commit, patterns::wants, all));
    }

    private static Optional<String> commit(ModelRequest request, Path repository) throws IOException {
        String revision = HubPlaces.revision(request);
        if (HubPlaces.isCommit(revision)) {
            return Optional.of(revision);
        }
        Optional<Path> ref = HubPlaces.ref(repository, revision);
        return ref.isEmpty()
                ? Optional.empty()
                : RefFile.content(ref.get()).filter(found -> RefFile.isValid(repository, found));
    }
}
