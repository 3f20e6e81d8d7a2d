package io.github.modelcache.migrate.relocate;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.ActiveDownloads;
import io.github.modelcache.family.Layout;
import io.github.modelcache.inventory.usage.Leftovers;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Partial downloads in a cache that is relocated. Those of locked models are copied: only builds that hold the model's
 * process lock write to them. All others are not copied, because a program that has one open would rename the
 * incomplete copy to the name of the complete file.
 */
final class PartialDownloads {

    private static final String SIDECAR = ".etag";

    private final Path base;
    private final Leftovers leftovers;
    private final Set<Path> locked = new HashSet<>();

    PartialDownloads(CacheConfig config, Lock lock) {
        this.base = config.baseDir();
        this.leftovers = new Leftovers(config, lock);
        Layouts layouts = new Layouts(config);
        for (ResolvedModel model : lock.models()) {
            layouts.find(model.reference()).ifPresent(layout -> add(layout, model));
        }
    }

    private void add(Layout layout, ResolvedModel model) {
        for (ModelFile file : model.files()) {
            if (file.digest().isPresent()) {
                locked.add(layout.partial(model, file));
            }
        }
    }

    /**
     * Refuses a cache that a program downloads into.
     *
     * @throws IOException that names the file
     */
    void requireIdle(Path cache) throws IOException {
        for (Path file : ActiveDownloads.in(cache)) {
            if (isForeign(cache, file)) {
                throw new IOException("A program is downloading into the cache: it wrote to " + file
                        + " less than " + ActiveDownloads.ACTIVE_TEXT
                        + " ago. Run mvn cache:migrate again when it has finished");
            }
        }
    }

    /** Whether a file of a cache is a partial download that no process lock protects. */
    boolean isForeign(Path cache, Path file) {
        Path usual = base.resolve(cache.relativize(file));
        if (!leftovers.has(usual)) {
            return false;
        }
        String path = usual.toString();
        String download = path.endsWith(SIDECAR) ? path.substring(0, path.length() - SIDECAR.length()) : path;
        return !file.startsWith(cache.resolve(RelocationMarker.FOLDER))
                && !locked.contains(base.getFileSystem().getPath(download));
    }
}
