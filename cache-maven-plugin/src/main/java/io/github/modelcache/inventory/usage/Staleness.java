package io.github.modelcache.inventory.usage;

import io.github.modelcache.config.ApplicationCache;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.FolderKeepers;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.Lock;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Decides which files are stale: expired application entries and abandoned partial downloads. */
public final class Staleness {

    private final Leftovers leftovers;
    private final long abandonedBefore;
    private final Map<String, Long> expiredBefore = new HashMap<>();

    public Staleness(CacheConfig config, Lock lock, Instant now) {
        leftovers = new Leftovers(config, lock);
        abandonedBefore = nanos(now.minus(PartialFiles.ABANDONED));
        for (ApplicationCache cache : config.applicationCaches()) {
            expiredBefore.put(cache.name(), nanos(now.minus(cache.expiry())));
        }
    }

    /** Whether a file of a root is stale. Folders of partial files are decided elsewhere. */
    boolean isStale(CacheRoot root, CacheEntry entry) {
        if (root.kind() == CacheRoot.Kind.APPLICATION) {
            Long limit = expiredBefore.get(root.name());
            return limit != null && entry.stamp().modifiedNanos() < limit && !FolderKeepers.is(entry.path());
        }
        return entry.stamp().modifiedNanos() < abandonedBefore && leftovers.has(entry.path());
    }

    private static long nanos(Instant time) {
        return FileTime.from(time).to(TimeUnit.NANOSECONDS);
    }
}
