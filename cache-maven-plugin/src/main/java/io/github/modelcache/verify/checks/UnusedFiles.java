package io.github.modelcache.verify.checks;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.family.huggingface.LinkedBlobs;
import io.github.modelcache.inventory.usage.CachedModel;
import io.github.modelcache.inventory.usage.CachedModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The files that {@code cache:clean} deletes with the scope {@code unused}. */
final class UnusedFiles {

    private final Set<Path> deleted = new HashSet<>();
    private final Map<Path, List<Path>> revisions = new HashMap<>();

    /** The blobs of each repository to which any revision links, and those to which a kept one does. */
    private final Map<Path, LinkedBlobs> linked = new HashMap<>();

    private final Map<Path, LinkedBlobs> linkedByKept = new HashMap<>();

    UnusedFiles(CacheConfig config, CachedModels models) throws IOException {
        Set<Path> kept = new HashSet<>();
        for (CacheRoot root : config.roots()) {
            if (root.kind() == CacheRoot.Kind.MODEL) {
                for (CachedModel cached : models.of(root)) {
                    add(cached, models.isUnused(cached) ? deleted : kept);
                }
            }
        }
        deleted.removeAll(kept); // of a repository that is kept, only revisions are deleted
    }

    private void add(CachedModel cached, Set<Path> places) {
        Optional<Path> repository = cached.unit().repository();
        Path place = cached.unit().place();
        places.add(repository.orElse(place));
        if (repository.isPresent() && places == deleted) {
            revisions
                    .computeIfAbsent(repository.get(), any -> new ArrayList<>())
                    .add(place);
        }
    }

    /** Whether a file is deleted: with its folder, or because no kept revision links to it. */
    boolean has(Path file) {
        return deleted.stream().anyMatch(file::startsWith)
                || HubPlaces.repositoryAround(file)
                        .filter(repository -> isOnlyOfDeletedRevisions(file, repository))
                        .isPresent();
    }

    private boolean isOnlyOfDeletedRevisions(Path file, Path repository) {
        List<Path> deletedRevisions = revisions.getOrDefault(repository, List.of());
        if (deletedRevisions.stream().anyMatch(file::startsWith)) {
            return true;
        }
        return linked.computeIfAbsent(repository, folder -> LinkedBlobs.of(folder, List.of()))
                        .contains(file)
                && !linkedByKept
                        .computeIfAbsent(repository, folder -> LinkedBlobs.of(folder, deletedRevisions))
                        .contains(file);
    }
}
