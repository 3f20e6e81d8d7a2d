package io.github.modelcache.discover;

import io.github.modelcache.catalog.ExternalCache;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The models in the external caches of a project, with their sizes. */
public final class OldCaches {

    private final List<Place> places = new ArrayList<>();
    private final List<Path> unreadable = new ArrayList<>();

    /** A cache with its models and their sizes in bytes. */
    public record Place(ExternalCache cache, Map<ModelReference, Long> models) {

        /** The size of its models in bytes. */
        public long bytes() {
            return models.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Lists the models of the caches. If one cache contains another, a model counts once. */
    public OldCaches(List<ExternalCache> caches) {
        Set<Path> seen = new HashSet<>();
        for (ExternalCache cache : caches) {
            Map<ModelReference, Long> models = new TreeMap<>();
            try {
                for (Map.Entry<ModelReference, Path> found : cache.found().entrySet()) {
                    if (isModel(cache, found.getValue())
                            && seen.add(found.getValue().toRealPath())) {
                        models.put(found.getKey(), size(found.getValue()));
                    }
                }
            } catch (IOException e) {
                unreadable.add(cache.path());
            }
            if (!models.isEmpty()) {
                places.add(new Place(cache, models));
            }
        }
    }

    /** A folder for checkpoints can contain other files too. */
    private static boolean isModel(ExternalCache cache, Path file) {
        return cache.kind() != ExternalCache.Kind.CHECKPOINTS
                || WeightFiles.is(file.getFileName().toString());
    }

    private static long size(Path model) throws IOException {
        if (Files.isRegularFile(model, LinkOption.NOFOLLOW_LINKS)) {
            return Files.size(model);
        }
        long[] bytes = {0};
        CacheWalk.walk(model, new CacheWalk.Visitor() {
            @Override
            public void entry(CacheEntry entry) {
                bytes[0] += entry.kind() == CacheEntry.Kind.FILE ? entry.size() : 0;
            }

            @Override
            public void unreadable(Path path, IOException reason) {
                // its size is unknown
            }
        });
        return bytes[0];
    }

    /** The caches that hold models. */
    public List<Place> places() {
        return List.copyOf(places);
    }

    /** Caches that can't be read. */
    List<Path> unreadable() {
        return List.copyOf(unreadable);
    }

    /** The size of a model in all caches. */
    long bytes(ModelReference model) {
        return places.stream()
                .mapToLong(place -> place.models().getOrDefault(model, 0L))
                .sum();
    }
}
