package io.github.modelcache.family;

import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells which downloads are still running. Python programs lock with {@code flock}, which Java can't see on Linux, so the
 * time of the last write decides.
 */
public final class ActiveDownloads {

    /** A file that was written to within this time counts as being written to. */
    public static final Duration ACTIVE = Duration.ofMinutes(10);

    /** The same, for messages. */
    public static final String ACTIVE_TEXT = ACTIVE.toMinutes() + " minutes";

    private ActiveDownloads() {}

    /** Whether a program may still be writing to a file that it wrote to at this time. */
    public static boolean isActive(Instant modified, Instant now) {
        return !modified.isBefore(now.minus(ACTIVE));
    }

    /** The partial files in a folder that a program may still be writing to; unreadable folders are skipped. */
    public static List<Path> in(Path folder) {
        Instant now = Instant.now();
        List<Path> active = new ArrayList<>();
        CacheWalk.walk(folder, new CacheWalk.Visitor() {
            @Override
            public void entry(CacheEntry entry) {
                boolean partial = entry.kind() == CacheEntry.Kind.FILE && PartialFiles.isPartial(entry.path());
                if (partial && isActive(entry.modified(), now)) {
                    active.add(entry.path());
                }
            }

            @Override
            public void unreadable(Path path, IOException reason) {
                // The caller deletes nothing there either.
            }
        });
        return active;
    }
}
