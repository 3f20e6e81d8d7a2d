package io.github.modelcache.migrate;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.families.Layouts;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Partial files of downloads in a cache that is moved. A program writes the rest to the file that it has open, wherever
 * that went, and then gives its last name to whatever lies at the path by then. If that were a copy, half a model would
 * count as whole. So what may be open gets no copy; then that program fails, and its next try begins anew.
 */
final class PartialDownloads {

    private static final String SIDECAR = ".etag";

    private final Path base;
    private final Set<Path> ours = new HashSet<>();

    PartialDownloads(CacheConfig config, Lock lock) {
        this.base = config.baseDir();
        Layouts layouts = new Layouts(config);
        for (ResolvedModel model : lock.models()) {
            layouts.find(model.reference()).ifPresent(layout -> add(layout, model));
        }
    }

    private void add(Layout layout, ResolvedModel model) {
        for (ModelFile file : model.files()) {
            if (file.digest().isPresent()) {
                ours.add(layout.partial(model, file));
            }
        }
    }

    /**
     * Refuses a cache that a program downloads into. Downloads of this project's models are held off by their locks.
     *
     * @throws IOException that names what was written to
     */
    void requireIdle(Path cache) throws IOException {
        for (Path part : ActiveDownloadGuard.written(cache)) {
            if (!isOurs(cache, part)) {
                throw new IOException("a program is downloading into the cache: it wrote to " + part
                        + " less than 10 minutes ago; run mvn cache:migrate when it is done. The cache is still where"
                        + " it was");
            }
        }
    }

    /** Whether somebody may have a partial file open, and go on writing to it. */
    boolean mayBeOpen(Path cache, CacheEntry entry) {
        return entry.kind() == CacheEntry.Kind.FILE
                && PartialFiles.isPartial(entry.path())
                && entry.modified().isAfter(Instant.now().minus(PartialFiles.ABANDONED))
                && !isOurs(cache, entry.path());
    }

    /** Our notes, and what only holders of a lock write to that the move holds itself. */
    private boolean isOurs(Path cache, Path part) {
        Path below = cache.relativize(part);
        String place = base.resolve(below).toString();
        String file = place.endsWith(SIDECAR) ? place.substring(0, place.length() - SIDECAR.length()) : place;
        return below.startsWith(MoveMarker.FOLDER)
                || ours.contains(base.getFileSystem().getPath(file));
    }

    /** Deletes what was copied of a partial file before somebody wrote to it again. */
    static void dropOlder(CacheEntry part, Path root, Path copy, AtomicFileOperations relay) throws IOException {
        boolean older = Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS)
                && CacheEntry.of(copy).modified().isBefore(part.modified());
        if (older) {
            relay.delete(root, copy);
        }
    }
}
