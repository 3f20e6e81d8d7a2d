package io.github.modelcache.verify.checks;

import io.github.modelcache.inventory.scan.CacheEntry;
import java.util.HashMap;
import java.util.Map;

/** The model files that were checked: their number, and which contents were compared with the lock file. */
public final class CheckedFiles {

    private final Map<Object, Boolean> lockedContents = new HashMap<>();
    private long files;
    private long bytes;

    /** Counts a file of this size. */
    void count(long size) {
        files++;
        bytes += size;
    }

    /** Adds a content that was compared with the lock file. */
    void addLocked(CacheEntry content, boolean isRight) {
        lockedContents.put(content.identity(), isRight);
    }

    /** Whether a content was compared with the lock file. */
    boolean isLocked(CacheEntry content) {
        return lockedContents.containsKey(content.identity());
    }

    /** Whether a content differs from the lock file. */
    boolean isWrong(CacheEntry content) {
        return Boolean.FALSE.equals(lockedContents.get(content.identity()));
    }

    public long files() {
        return files;
    }

    public long bytes() {
        return bytes;
    }
}
