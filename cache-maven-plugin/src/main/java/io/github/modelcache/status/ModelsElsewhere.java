package io.github.modelcache.status;

import io.github.modelcache.catalog.ExternalCache;
import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds models in external caches, from which {@code cache:migrate} imports them. */
final class ModelsElsewhere {

    private final List<ExternalCache> places;

    ModelsElsewhere(Optional<ExternalCaches> scattered) {
        this.places = scattered.map(ExternalCaches::places).orElse(List.of());
    }

    /** The place of any revision of a model. */
    Optional<Path> find(ModelReference model) {
        return find(model, Optional.empty());
    }

    /** The place of the locked revision of a model. */
    Optional<Path> find(ResolvedModel model) {
        return find(model.reference(), Optional.of(model.revision()).filter(HubPlaces::isCommit));
    }

    private Optional<Path> find(ModelReference model, Optional<String> commit) {
        return places.stream()
                .flatMap(place -> place.of(model).stream().filter(path -> holds(place, path, commit)))
                .findFirst();
    }

    private static boolean holds(ExternalCache place, Path path, Optional<String> commit) {
        return Files.exists(
                place.kind() == ExternalCache.Kind.HUB && commit.isPresent()
                        ? HubPlaces.snapshot(path, commit.get())
                        : path);
    }
}
