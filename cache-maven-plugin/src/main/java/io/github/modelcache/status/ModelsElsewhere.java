package io.github.modelcache.status;

import io.github.modelcache.families.ExternalCache;
import io.github.modelcache.families.ExternalCaches;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The models that this machine has outside of the project's roots, from where {@code cache:migrate} brings them. */
final class ModelsElsewhere {

    private final List<ExternalCache> places;

    ModelsElsewhere(Optional<ExternalCaches> scattered) {
        this.places = scattered.map(ExternalCaches::places).orElse(List.of());
    }

    /** Where some revision of a model lies, if anywhere. */
    Optional<Path> find(ModelReference model) {
        return find(model, Optional.empty());
    }

    /** Where the locked revision of a model lies, if anywhere. */
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
