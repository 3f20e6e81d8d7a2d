package io.github.modelcache.inventory.usage;

import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Adds up sizes and counts each content once, however many hard links lead to it. */
public final class CacheUsage implements CacheWalk.Visitor {

    private final Set<Object> shared = new HashSet<>();
    private long files;
    private long bytes;

    /**
     * Counts a file; links and special files have no size.
     *
     * @return the added bytes: 0 for a content that was counted before
     */
    public long add(CacheEntry entry) {
        if (entry.kind() != CacheEntry.Kind.FILE) {
            return 0;
        }
        if (entry.links() > 1 && !shared.add(entry.identity())) {
            return 0;
        }
        files++;
        bytes += entry.size();
        return entry.size();
    }

    @Override
    public void entry(CacheEntry entry) {
        add(entry);
    }

    @Override
    public void unreadable(Path path, IOException reason) {
        // Its size is unknown; verify reports it.
    }

    /** Adds the totals of another count. */
    public void add(long moreFiles, long moreBytes) {
        files += moreFiles;
        bytes += moreBytes;
    }

    /** The number of distinct contents. */
    public long files() {
        return files;
    }

    /** The bytes of the distinct contents. */
    public long bytes() {
        return bytes;
    }
}
