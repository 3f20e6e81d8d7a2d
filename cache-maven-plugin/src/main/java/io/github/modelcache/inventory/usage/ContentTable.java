package io.github.modelcache.inventory.usage;

import io.github.modelcache.collections.Mix64;
import io.github.modelcache.inventory.scan.CacheEntry;
import java.nio.file.Path;

/**
 * The contents of a cache, each once however many names and links lead to it. Plain arrays, some 70 bytes a content, so
 * that a million of them fit in little memory.
 */
final class ContentTable {

    private static final int FIRST_CAPACITY = 1 << 10;

    private long[] keys = new long[FIRST_CAPACITY];
    private long[] sizes = new long[FIRST_CAPACITY];
    /** Names that lie outside of what was looked at: as long as there is one, deleting frees nothing. */
    private int[] namesElsewhere = new int[FIRST_CAPACITY];

    /** Whether the first name that was met is one of a model root. */
    private boolean[] ofModels = new boolean[FIRST_CAPACITY];

    private int[] users = new int[FIRST_CAPACITY];
    private long[] usedNanos = new long[FIRST_CAPACITY];
    private int size;

    /** The key of a content; where the platform does not number files, that of its path. */
    static long key(CacheEntry entry) {
        long inode = entry.stamp().inode();
        return inode == 0 ? pathKey(entry.path()) : Mix64.mix(inode, entry.device());
    }

    private static long pathKey(Path path) {
        return Mix64.mix(path.hashCode(), path.toString().length());
    }

    /**
     * Adds a name of a content; says whether it is the first one.
     *
     * @param ofModel whether it lies in a model root
     */
    boolean add(CacheEntry entry, boolean ofModel) {
        if (size * 2 >= keys.length) {
            grow();
        }
        long key = key(entry);
        int slot = slot(keys, key);
        if (keys[slot] == key) {
            namesElsewhere[slot]--;
            return false;
        }
        keys[slot] = key;
        sizes[slot] = entry.size();
        usedNanos[slot] = entry.lastUsedNanos();
        ofModels[slot] = ofModel;
        namesElsewhere[slot] = entry.links() - 1;
        size++;
        return true;
    }

    /** The bytes of a content; -1 when it is none of this cache. */
    long bytes(long key) {
        int slot = slot(keys, key);
        return keys[slot] == key ? sizes[slot] : -1;
    }

    /** When a content was last read or written, in nanoseconds since 1970; of one that is known. */
    long usedNanos(long key) {
        return usedNanos[slot(keys, key)];
    }

    /** Counts a user of a content. */
    void use(long key) {
        users[slot(keys, key)]++;
    }

    /** Takes a user away; the bytes that this makes free. */
    long release(long key) {
        long left = leave(key);
        return namesElsewhere[slot(keys, key)] <= 0 ? left : 0;
    }

    /** Takes a user away; the bytes that the caches hold less then, though a name elsewhere may keep them on the disk. */
    long leave(long key) {
        int slot = slot(keys, key);
        return --users[slot] == 0 ? sizes[slot] : 0;
    }

    /** The bytes that become free when all contents of one kind of root go: those without names elsewhere. */
    long freeable(boolean ofModel) {
        long bytes = 0;
        for (int slot = 0; slot < keys.length; slot++) {
            bytes += keys[slot] != 0 && ofModels[slot] == ofModel && namesElsewhere[slot] <= 0 ? sizes[slot] : 0;
        }
        return bytes;
    }

    private void grow() {
        int wider = keys.length * 2;
        long[] newKeys = new long[wider];
        long[] newSizes = new long[wider];
        int[] newNames = new int[wider];
        boolean[] newOfModels = new boolean[wider];
        int[] newUsers = new int[wider];
        long[] newUsed = new long[wider];
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                int slot = slot(newKeys, keys[i]);
                newKeys[slot] = keys[i];
                newSizes[slot] = sizes[i];
                newNames[slot] = namesElsewhere[i];
                newOfModels[slot] = ofModels[i];
                newUsers[slot] = users[i];
                newUsed[slot] = usedNanos[i];
            }
        }
        keys = newKeys;
        sizes = newSizes;
        namesElsewhere = newNames;
        ofModels = newOfModels;
        users = newUsers;
        usedNanos = newUsed;
    }

    private static int slot(long[] in, long key) {
        int slot = (int) key & (in.length - 1);
        while (in[slot] != 0 && in[slot] != key) {
            slot = (slot + 1) & (in.length - 1);
        }
        return slot;
    }
}
