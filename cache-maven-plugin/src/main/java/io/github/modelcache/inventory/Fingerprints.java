package io.github.modelcache.inventory;

import io.github.modelcache.io.FileStamp;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * What entries looked like when a plan was made, 16 bytes each. An entry that is new since then, or was written to or
 * replaced, is not known here. Link counts do not matter: they change when another name of the same content goes.
 */
public final class Fingerprints {

    private final LongSet known = new LongSet();

    /** Remembers an entry as it looks. */
    public void add(CacheEntry entry) {
        known.add(of(entry));
    }

    /** Whether an entry looks as one that was added. */
    public boolean contains(CacheEntry entry) {
        return known.contains(of(entry));
    }

    private static long of(CacheEntry entry) {
        FileStamp stamp = entry.stamp();
        return of(entry.path(), stamp.size(), stamp.modifiedNanos(), entry.key(), kind(entry.kind()));
    }

    /** Whether an entry still looks as it did; a link's own looks count. */
    public boolean contains(Path path, BasicFileAttributes now) {
        Object key = now.fileKey();
        return known.contains(of(
                path,
                now.size(),
                now.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                key == null ? 0 : key.hashCode(),
                kind(kind(now))));
    }

    private static CacheEntry.Kind kind(BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            return CacheEntry.Kind.LINK;
        }
        if (attributes.isRegularFile()) {
            return CacheEntry.Kind.FILE;
        }
        return attributes.isDirectory() ? CacheEntry.Kind.DIRECTORY : CacheEntry.Kind.OTHER;
    }

    private static int kind(CacheEntry.Kind kind) {
        return switch (kind) {
            case FILE -> 1;
            case LINK -> 2;
            case DIRECTORY -> 3;
            case OTHER -> 4;
        };
    }

    private static long of(Path path, long size, long modifiedNanos, int key, int kind) {
        long place = Mixing.mix(path.hashCode(), key);
        return Mixing.mix(Mixing.mix(place, size), modifiedNanos + kind);
    }
}
