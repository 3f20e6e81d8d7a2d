package io.github.modelcache.inventory.fingerprint;

import io.github.modelcache.inventory.scan.CacheEntry;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The entries of a plan as they were when it was made. An entry that is new since then, or was changed or replaced, is
 * not among them. The number of hard links does not matter: it changes when another name of the content is deleted.
 */
public final class Fingerprints {

    private record Fingerprint(Path path, CacheEntry.Kind kind, long size, long modifiedNanos, int key) {

        static Fingerprint of(CacheEntry entry) {
            return new Fingerprint(
                    entry.path(), entry.kind(), entry.size(), entry.stamp().modifiedNanos(), entry.key());
        }

        static Fingerprint of(Path path, BasicFileAttributes now) {
            Object key = now.fileKey();
            return new Fingerprint(
                    path,
                    CacheEntry.kind(now),
                    now.size(),
                    now.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                    key == null ? 0 : key.hashCode());
        }
    }

    /** Whether the content had no other name. */
    private final Map<Fingerprint, Boolean> alone = new HashMap<>();

    /** Adds an entry as it is now. */
    public void add(CacheEntry entry) {
        alone.put(Fingerprint.of(entry), entry.links() == 1);
    }

    /** Whether an entry was added and is unchanged. */
    public boolean contains(CacheEntry entry) {
        return alone.containsKey(Fingerprint.of(entry));
    }

    /** Whether an entry was added and is unchanged; of a link, the link itself counts. */
    public boolean contains(Path path, BasicFileAttributes now) {
        return alone.containsKey(Fingerprint.of(path, now));
    }

    /** Whether a file was added and is unchanged, and its content had no other name. */
    public boolean containsAlone(Path path, BasicFileAttributes now) {
        return Boolean.TRUE.equals(alone.get(Fingerprint.of(path, now)));
    }
}
