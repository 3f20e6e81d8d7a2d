package io.github.modelcache.discover;

import io.github.modelcache.catalog.ExternalCache;
import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the models that a project uses. Changes nothing and makes no request. */
public final class Discovery {

    private static final Comparator<Mention> MOST_CERTAIN = Comparator.comparing(Mention::certainty)
            .thenComparing(Mention::use)
            .thenComparing(Mention::file)
            .thenComparing(Mention::line);

    private final CacheConfig config;
    private final Lock lock;
    private final ExternalCaches external;

    /** Prepares a search in a project. */
    public Discovery(CacheConfig config, Lock lock, ExternalCaches external) {
        this.config = config;
        this.lock = lock;
        this.external = external;
    }

    /**
     * The result of a search.
     *
     * @param models the most important first
     * @param files the number of sources and configs that were read
     * @param unreadable files and folders that could not be read
     */
    public record Result(List<DiscoveredModel> models, OldCaches caches, int files, List<Path> unreadable) {

        /** The models that the program certainly loads and that the config does not declare. */
        public List<DiscoveredModel> toDeclare() {
            return models.stream()
                    .filter(model -> model.isSure() && !model.declared())
                    .toList();
        }
    }

    /** Searches the project and the old caches. */
    public Result find() throws IOException {
        List<ExternalCache> places = external.places();
        ProjectFiles sources = new ProjectFiles(
                config, places.stream().map(ExternalCache::path).collect(Collectors.toSet()));
        List<Mention> mentions = new ArrayList<>(sources.read());
        OldCaches caches = new OldCaches(places);
        caches.places().stream()
                .filter(place -> !place.cache().shared())
                .forEach(place -> place.models().keySet().stream()
                        .filter(Discovery::isDeclarable)
                        .forEach(model -> mentions.add(cached(place, model))));
        Map<ModelReference, List<Mention>> byModel = new TreeMap<>();
        for (Mention mention : mentions) {
            byModel.computeIfAbsent(mention.model(), any -> new ArrayList<>()).add(mention);
        }
        Set<ModelReference> declared = lock.withDependencies(config.models()).stream()
                .map(ModelDeclaration::reference)
                .collect(Collectors.toSet());
        List<DiscoveredModel> models = byModel.entrySet().stream()
                .map(entry -> new DiscoveredModel(
                        entry.getKey(),
                        entry.getValue().stream()
                                .distinct()
                                .sorted(MOST_CERTAIN)
                                .toList(),
                        declared.contains(entry.getKey()),
                        caches.bytes(entry.getKey())))
                .sorted(Comparator.comparing(DiscoveredModel::best, MOST_CERTAIN))
                .toList();
        List<Path> unreadable = Stream.concat(sources.unreadable().stream(), caches.unreadable().stream())
                .toList();
        return new Result(models, caches, sources.count(), unreadable);
    }

    /** A PyTorch checkpoint is declared by its URL, which its file does not contain. */
    private static boolean isDeclarable(ModelReference model) {
        return !model.scheme().equals("torch");
    }

    private Mention cached(OldCaches.Place place, ModelReference model) {
        return new Mention(
                model,
                Optional.empty(),
                List.of(),
                Plan.name(config.projectRoot(), place.cache().path()),
                0,
                "old cache",
                Certainty.LIKELY,
                Use.DEFAULT);
    }
}
