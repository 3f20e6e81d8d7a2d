package io.github.modelcache.inventory.usage;

import io.github.modelcache.inventory.scan.CacheEntry;
import java.util.HashMap;
import java.util.Map;

/** Adds up what deleting entries would free: a content with several names frees its bytes when its last name goes. */
public final class FreeableBytes {

    private record Identity(long device, long inode) {}

    private final Map<Identity, Integer> namesLeft = new HashMap<>();
    private long bytes;

    /**
     * Counts an entry as deleted.
     *
     * @return the bytes that this frees
     */
    public long add(CacheEntry entry) {
        if (entry.kind() != CacheEntry.Kind.FILE) {
            return 0;
        }
        if (entry.links() > 1) {
            Identity identity = new Identity(entry.device(), entry.stamp().inode());
            if (namesLeft.merge(identity, entry.links() - 1, (left, unused) -> left - 1) > 0) {
                return 0;
            }
        }
        bytes += entry.size();
        return entry.size();
    }

    /** What has been counted so far. */
    public long bytes() {
        return bytes;
    }
}
