package io.github.modelcache.migrate;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.layout.HubLayout;
import io.github.modelcache.layout.HubPlaces;
import io.github.modelcache.layout.RevisionPointer;
import io.github.modelcache.model.FilePatterns;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The models that the project declares or has locked, and what of them it needs. */
final class Wanted {

    private final Lock lock;
    private final Map<ModelReference, ModelRequest> requests = new TreeMap<>();

    Wanted(CacheConfig config, Lock lock) {
        this.lock = lock;
        lock.models().forEach(model -> requests.put(model.reference(), model.request()));
        for (ModelDeclaration declaration : lock.wanted(config.models())) {
            requests.put(declaration.reference(), declaration.request());
        }
    }

    /** The models, sorted. */
    Set<ModelReference> models() {
        return requests.keySet();
    }

    /** What the lock says of a model, if it is what is asked for now. */
    Optional<ResolvedModel> locked(ModelReference model) {
        return lock.find(model).filter(found -> found.request().equals(requests.get(model)));
    }

    /**
     * One revision of a hub repository, and those of its files that are needed.
     *
     * @param all whether all files are
     */
    record Selection(String commit, Predicate<String> files, boolean all) {}

    /** What is needed of a hub repository; empty where it has not the revision. */
    Optional<Selection> selection(ModelReference model, Path repository) throws IOException {
        Optional<ResolvedModel> locked = locked(model);
        ModelRequest request = Optional.ofNullable(requests.get(model)).orElse(ModelRequest.PLAIN);
        boolean all = request.include().isEmpty() && request.exclude().isEmpty();
        if (locked.isPresent()) {
            Set<String> files =
                    locked.get().files().stream().map(ModelFile::path).collect(Collectors.toSet());
            return Optional.of(new Selection(locked.get().revision(), files::contains, all));
        }
        FilePatterns patterns = new FilePatterns(request.include(), request.exclude());
        return commit(request, repository).map(commit -> new Selection(commit, patterns::wants, all));
    }

    private static Optional<String> commit(ModelRequest request, Path repository) throws IOException {
        String revision = HubLayout.revision(request);
        if (HubPlaces.isCommit(revision)) {
            return Optional.of(revision);
        }
        Optional<Path> ref = HubPlaces.ref(repository, revision);
        return ref.isEmpty()
                ? Optional.empty()
                : RevisionPointer.content(ref.get()).filter(HubPlaces::isCommit);
    }
}
