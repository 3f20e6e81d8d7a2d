package io.github.modelcache.inventory.usage;

import io.github.modelcache.family.Layout;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.ResolvedModel;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The disk space of one unit of the cache. Filled by one walk, constant after that. */
public final class ModelUsage {

    private final CachedModel cached;
    private final Set<CachedContent> contents = new HashSet<>();
    private long bytes;
    private long lastUsedNanos = Long.MIN_VALUE;
    private boolean unfinished;

    ModelUsage(CachedModel cached) {
        this.cached = cached;
    }

    /** The unit. */
    public CachedModel cached() {
        return cached;
    }

    /** The bytes of its contents, including those that it shares with others. */
    public long bytes() {
        return bytes;
    }

    /** The number of its distinct contents. */
    public long files() {
        return contents.size();
    }

    /** When one of its contents was last read or written, as far as the file system keeps it. */
    public Optional<Instant> lastUsed() {
        return lastUsedNanos == Long.MIN_VALUE ? Optional.empty() : Optional.of(CacheEntry.instant(lastUsedNanos));
    }

    /** Whether it has a partial download. */
    public boolean unfinished() {
        return unfinished;
    }

    /** How many of the locked files are there. */
    public int presentFiles() {
        if (cached.locked().isEmpty() || cached.layout().isEmpty()) {
            return 0;
        }
        ResolvedModel model = cached.locked().get();
        Layout layout = cached.layout().get();
        return (int) model.files().stream()
                .filter(file -> Files.isRegularFile(layout.file(model, file)))
                .count();
    }

    void setUnfinished() {
        unfinished = true;
    }

    /** Adds a content that the unit has, or links to. */
    void add(CachedContent content, long usedNanos) {
        contents.add(content);
        lastUsedNanos = Math.max(lastUsedNanos, usedNanos);
    }

    /** Counts it as a user of its contents, except of those outside of the caches. */
    void countUses() {
        contents.removeIf(content -> !content.found());
        contents.forEach(CachedContent::use);
        bytes = contents.stream().mapToLong(CachedContent::bytes).sum();
    }

    /** Removes it; the bytes of the contents that have no other user. */
    long remove(boolean freeableOnly) {
        return contents.stream()
                .filter(CachedContent::remove)
                .filter(content -> !freeableOnly || content.freeable())
                .mapToLong(CachedContent::bytes)
                .sum();
    }
}
