package io.github.modelcache.inventory.usage;

import io.github.modelcache.collections.LongList;
import io.github.modelcache.collections.LongSet;
import io.github.modelcache.collections.Mix64;
import io.github.modelcache.family.Layout;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a holding weighs. Filled by one walk, constant after that. */
public final class HoldingUsage {

    private final CachedModel held;
    private final LongList contents = new LongList();
    private final @Nullable LongSet places;
    private long bytes;
    private long files;
    private long lastUsedNanos = Long.MIN_VALUE;
    private final boolean ofRepository;
    private boolean unfinished;

    HoldingUsage(CachedModel held) {
        this.held = held;
        this.ofRepository = held.holding().repository().isPresent();
        this.places = held.locked().isPresent() ? new LongSet() : null;
    }

    /** What it is. */
    public CachedModel held() {
        return held;
    }

    /** Whether it is a repository of a hub cache, or a revision of one. */
    boolean ofRepository() {
        return ofRepository;
    }

    /** The bytes of its contents, also of those that it shares with others. */
    public long bytes() {
        return bytes;
    }

    /** Its distinct contents. */
    public long files() {
        return files;
    }

    /** When one of its contents was last read or written, as far as the file system keeps it. */
    public Optional<Instant> lastUsed() {
        return lastUsedNanos == Long.MIN_VALUE ? Optional.empty() : Optional.of(CacheEntry.instant(lastUsedNanos));
    }

    /** Whether a download has left something unfinished beside it. */
    public boolean unfinished() {
        return unfinished;
    }

    /** How many of the locked files are there. */
    public int presentFiles() {
        LongSet known = places;
        if (known == null || held.locked().isEmpty() || held.layout().isEmpty()) {
            return 0;
        }
        ResolvedModel model = held.locked().get();
        Layout layout = held.layout().get();
        int present = 0;
        for (ModelFile file : model.files()) {
            present += known.contains(placeKey(layout.file(model, file))) ? 1 : 0;
        }
        return present;
    }

    /** A content that it leads to by a name of its own, or by a link. */
    void content(Path name, CacheEntry content) {
        content(ContentTable.key(content), content.lastUsedNanos());
        place(name);
    }

    /** The same, of a content whose key is known. */
    void content(long key, long usedNanos) {
        contents.add(key);
        lastUsedNanos = Math.max(lastUsedNanos, usedNanos);
    }

    /** A name that leads to one of its contents. */
    void place(Path name) {
        LongSet known = places;
        if (known != null) {
            known.add(placeKey(name));
        }
    }

    /** Whether somebody will ask which names are there. */
    boolean needsPlaces() {
        return places != null;
    }

    void isUnfinished() {
        unfinished = true;
    }

    /** Counts its contents as used; those that nobody counted before weigh here. */
    void weigh(ContentTable table) {
        LongSet own = new LongSet();
        contents.forEach(key -> {
            long size = table.bytes(key);
            if (size >= 0 && own.add(key)) {
                files++;
                bytes += size;
                table.use(key);
            }
        });
    }

    /** Takes it away; the bytes that become free. */
    long release(ContentTable table) {
        return away(table, table::release);
    }

    /** Takes it away; the bytes that the caches hold less then. */
    long leave(ContentTable table) {
        return away(table, table::leave);
    }

    private long away(ContentTable table, LongUnaryOperator bytesOfContent) {
        LongSet own = new LongSet();
        long[] bytesAway = {0};
        contents.forEach(key -> {
            if (table.bytes(key) >= 0 && own.add(key)) {
                bytesAway[0] += bytesOfContent.applyAsLong(key);
            }
        });
        return bytesAway[0];
    }

    private static long placeKey(Path path) {
        Path folder = path.getParent();
        return Mix64.mix(
                folder == null ? 0 : folder.hashCode(),
                String.valueOf(path.getFileName()).hashCode());
    }
}
