package io.github.modelcache.migrate;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.families.Layouts;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the files of a cache must hash to, as far as the lock or their place tells. */
final class ExpectedDigests {

    private final Layouts layouts;
    private final HubPlaces hub;
    private final Map<Path, Digest> locked = new HashMap<>();

    ExpectedDigests(CacheConfig config, Lock lock) {
        this.layouts = new Layouts(config);
        this.hub = new HubPlaces(layouts.hub().root());
        for (ResolvedModel model : lock.models()) {
            layouts.find(model.reference()).ifPresent(layout -> add(layout, model));
        }
    }

    private void add(Layout layout, ResolvedModel model) {
        for (ModelFile file : model.files()) {
            file.digest().ifPresent(digest -> locked.put(layout.file(model, file), digest));
        }
    }

    /**
     * Whether a file is what must lie at a place of the cache.
     *
     * @param place the place, as the config has it
     * @param file what lies there, or would
     * @return empty where nobody can tell
     */
    Optional<Boolean> isRight(Path place, Path file) throws IOException {
        Digest known = locked.get(place);
        if (known != null) {
            return Optional.of(Hashing.digest(file, known.algorithm()).equals(known));
        }
        Optional<String> digits = digits(place);
        if (digits.isEmpty()) {
            return Optional.empty();
        }
        DigestAlgorithm algorithm = isBlob(place)
                ? HubPlaces.algorithm(digits.get()).orElse(DigestAlgorithm.SHA256)
                : DigestAlgorithm.SHA256;
        String actual = Hashing.digest(file, algorithm).hex();
        return Optional.of(actual.startsWith(digits.get().toLowerCase(Locale.ROOT)));
    }

    private Optional<String> digits(Path place) {
        String name = String.valueOf(place.getFileName());
        if (isBlob(place)) {
            return Optional.of(name).filter(blob -> HubPlaces.algorithm(blob).isPresent());
        }
        return layouts.all().stream()
                .filter(layout -> layout.root().equals(place.getParent()))
                .flatMap(layout -> layout.digestPrefix(name).stream())
                .findFirst();
    }

    private boolean isBlob(Path place) {
        return kind(place) == HubPlaces.Kind.BLOBS;
    }

    /** What a place of the hub cache is for; empty outside of it. */
    HubPlaces.Kind kind(Path place) {
        Path folder = place.resolveSibling(".").normalize();
        return hub.hold(folder) ? hub.of(folder).kind() : HubPlaces.Kind.OTHER;
    }
}
