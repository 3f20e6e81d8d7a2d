package io.github.modelcache.inventory.usage;

import io.github.modelcache.inventory.scan.CacheEntry;
import java.util.HashMap;
import java.util.Map;

/** Adds up the bytes that deleting entries frees: those of a content when its last name is deleted. */
public final class FreeableBytes {

    private final Map<Object, Integer> namesLeft = new HashMap<>();
    private long bytes;

    /**
     * Counts an entry as deleted.
     *
     * @return the freed bytes
     */
    public long add(CacheEntry entry) {
        if (entry.kind() != CacheEntry.Kind.FILE) {
            return 0;
        }
        if (entry.links() > 1) {
            if (namesLeft.merge(entry.identity(), entry.links() - 1, (left, unused) -> left - 1) > 0) {
                return 0;
            }
        }
        bytes += entry.size();
        return entry.size();
    }

    /** The bytes counted so far. */
    public long bytes() {
        return bytes;
    }
}
