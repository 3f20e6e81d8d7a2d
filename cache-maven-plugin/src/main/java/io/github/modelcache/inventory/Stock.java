package io.github.modelcache.inventory;

import io.github.modelcache.layout.Layout;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** What a holding weighs. Filled by one walk, constant after that. */
public final class Stock {

    private final Held held;
    private final LongList contents = new LongList();
    private final Optional<LongSet> places;
    private long bytes;
    private long files;
    private long lastUsedNanos = Long.MIN_VALUE;
    private boolean unfinished;

    Stock(Held held) {
        this.held = held;
        this.places = held.locked().map(model -> new LongSet());
    }

    /** What it is. */
    public Held held() {
        return held;
    }

    /** The bytes of its contents; one that it shares with a holding before it in the list counts there. */
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
        if (held.locked().isEmpty() || held.layout().isEmpty()) {
            return 0;
        }
        ResolvedModel model = held.locked().get();
        Layout layout = held.layout().get();
        int present = 0;
        for (ModelFile file : model.files()) {
            present += places.isPresent() && places.get().contains(placeKey(layout.file(model, file))) ? 1 : 0;
        }
        return present;
    }

    /** A content that it leads to by a name of its own, or by a link. */
    void content(Path name, CacheEntry content) {
        contents.add(ContentTable.key(content));
        lastUsedNanos = Math.max(lastUsedNanos, content.lastUsedNanos());
        places.ifPresent(known -> known.add(placeKey(name)));
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
                bytes += table.use(key) ? size : 0;
            }
        });
    }

    /** Takes it away; the bytes that become free. */
    long release(ContentTable table) {
        LongSet own = new LongSet();
        long[] freed = {0};
        contents.forEach(key -> {
            if (table.bytes(key) >= 0 && own.add(key)) {
                freed[0] += table.release(key);
            }
        });
        return freed[0];
    }

    private static long placeKey(Path path) {
        Path folder = path.getParent();
        return Mixing.mix(
                folder == null ? 0 : folder.hashCode(),
                String.valueOf(path.getFileName()).hashCode());
    }
}
