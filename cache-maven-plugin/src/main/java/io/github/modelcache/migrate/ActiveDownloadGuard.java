package io.github.modelcache.migrate;

import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.process.ProcessLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps off an old place that somebody downloads into. Other builds show it by their lock, Python programs by a partial
 * file that was written to a moment ago, as their locks can't be seen from Java. Closing lets downloads go on.
 */
final class ActiveDownloadGuard implements Closeable {

    /** A partial file younger than this belongs to a download that runs. */
    private static final Duration BUSY = Duration.ofMinutes(10);

    private final List<ProcessLock> held = new ArrayList<>();

    private ActiveDownloadGuard() {}

    /**
     * Keeps other builds from bringing a model to its old place.
     *
     * @throws ChangedException when a download runs there
     */
    static ActiveDownloadGuard keptOut(FoundModel find) throws IOException {
        ActiveDownloadGuard downloads = new ActiveDownloadGuard();
        try {
            for (Layout layout : find.place().layouts()) {
                Optional<ProcessLock> lock = ProcessLock.tryAcquire(layout.processLock(find.model()));
                if (lock.isEmpty()) {
                    throw new ChangedException("another build is fetching it");
                }
                downloads.held.add(lock.get());
            }
            if (isWrittenTo(find.source())) {
                throw new ChangedException("a program is downloading into it");
            }
            return downloads;
        } catch (IOException | RuntimeException e) {
            downloads.close();
            throw e;
        }
    }

    /** How many locks are held. */
    int count() {
        return held.size();
    }

    /** Whether somebody may be downloading into a folder now. */
    static boolean isWrittenTo(Path folder) {
        return !written(folder).isEmpty();
    }

    /** The partial files in a folder that somebody may be writing to now. */
    static List<Path> written(Path folder) {
        Instant limit = Instant.now().minus(BUSY);
        List<Path> parts = new ArrayList<>();
        CacheWalk.walk(folder, new CacheWalk.Visitor() {
            @Override
            public void entry(CacheEntry entry) {
                boolean part = entry.kind() == CacheEntry.Kind.FILE && PartialFiles.isPartial(entry.path());
                if (part && entry.modified().isAfter(limit)) {
                    parts.add(entry.path());
                }
            }

            @Override
            public void unreadable(Path path, IOException reason) {
                // Nothing is deleted there either.
            }
        });
        return parts;
    }

    /** Whether a partial file that was written to then belongs to a download that runs. */
    static boolean isRunning(Instant written) {
        return written.isAfter(Instant.now().minus(BUSY));
    }

    @Override
    public void close() throws IOException {
        for (ProcessLock lock : held) {
            lock.close();
        }
        held.clear();
    }
}
