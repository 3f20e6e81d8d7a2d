package io.github.modelcache.inventory.usage;

import io.github.modelcache.inventory.scan.CacheEntry;

/** The bytes of a file, under however many names. It is known by a link before a file of it is found. Not thread-safe. */
final class CachedContent {
    private boolean found;
    private boolean ofModels;
    private long bytes;
    private int namesElsewhere;
    private int users;

    boolean found() {
        return found;
    }

    boolean ofModels() {
        return ofModels;
    }

    long bytes() {
        return bytes;
    }

    /** Counts a name of it in the caches; whether it is the first one. */
    boolean foundFirst(CacheEntry entry, boolean inModelCache) {
        boolean first = !found;
        if (first) {
            found = true;
            bytes = entry.size();
            ofModels = inModelCache;
            namesElsewhere = entry.links();
        }
        namesElsewhere--;
        return first;
    }

    /** Whether all its names lie in the caches; otherwise deleting these frees nothing. */
    boolean freeable() {
        return namesElsewhere <= 0;
    }

    void use() {
        users++;
    }

    /** Removes a user; whether it was the last one. */
    boolean remove() {
        return --users == 0;
    }
}
