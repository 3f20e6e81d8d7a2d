package io.github.modelcache.inventory.fingerprint;

import io.github.modelcache.collections.LongSet;
import io.github.modelcache.collections.Mix64;
import io.github.modelcache.files.FileStamp;
import io.github.modelcache.inventory.scan.CacheEntry;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * What entries looked like when a plan was made, 16 bytes each. An entry that is new since then, or was written to or
 * replaced, is not known here. Link counts do not matter: they change when another name of the same content goes.
 */
public final class Fingerprints {

    private static final int FILE = 1;
    private static final int FILE_ALONE = 5;

    private final LongSet known = new LongSet();

    /** Remembers an entry as it looks. */
    public void add(CacheEntry entry) {
        int kind = kind(entry.kind());
        known.add(of(entry, kind == FILE && entry.links() == 1 ? FILE_ALONE : kind));
    }

    /** Whether an entry looks as one that was added. */
    public boolean contains(CacheEntry entry) {
        int kind = kind(entry.kind());
        return known.contains(of(entry, kind)) || (kind == FILE && known.contains(of(entry, FILE_ALONE)));
    }

    private static long of(CacheEntry entry, int kind) {
        FileStamp stamp = entry.stamp();
        return of(entry.path(), stamp.size(), stamp.modifiedNanos(), entry.key(), kind);
    }

    /** Whether an entry still looks as it did; a link's own looks count. */
    public boolean contains(Path path, BasicFileAttributes now) {
        int kind = kind(kind(now));
        return (kind == FILE && known.contains(of(path, now, FILE_ALONE))) || known.contains(of(path, now, kind));
    }

    /** Whether a file still looks as it did, and its content had no other name. */
    public boolean containsAlone(Path path, BasicFileAttributes now) {
        return known.contains(of(path, now, FILE_ALONE));
    }

    private static long of(Path path, BasicFileAttributes now, int kind) {
        Object key = now.fileKey();
        return of(
                path,
                now.size(),
                now.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                key == null ? 0 : key.hashCode(),
                kind);
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
            case FILE -> FILE;
            case LINK -> 2;
            case DIRECTORY -> 3;
            case OTHER -> 4;
        };
    }

    private static long of(Path path, long size, long modifiedNanos, int key, int kind) {
        long place = Mix64.mix(path.hashCode(), key);
        return Mix64.mix(Mix64.mix(place, size), modifiedNanos + kind);
    }
}
