package io.github.modelcache.clean;

import io.github.modelcache.config.ApplicationCache;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.FolderListing;
import io.github.modelcache.family.Placeholders;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.plan.Action;
import io.github.modelcache.units.Age;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Plans the end of what the project's own programs keep. */
final class ApplicationCleaning {

    private static final String REASON = "application metadata";
    private static final int LISTED = 1000;

    private final CacheConfig config;
    private final Instant now;
    private final SafeDeleter removal;

    ApplicationCleaning(CacheConfig config, Instant now, SafeDeleter removal) {
        this.config = config;
        this.now = now;
        this.removal = removal;
    }

    /** Plans all entries, or those that were not used for a while. */
    void plan(Optional<Duration> olderThan, List<Action> actions) throws IOException {
        for (ApplicationCache cache : config.applicationCaches()) {
            if (olderThan.isPresent()) {
                Instant limit = now.minus(olderThan.get());
                String reason = "not used for " + Age.format(olderThan.get());
                new EntryCleaning(removal, cache.path(), entry -> isBefore(entry, limit), reason, actions).plan();
            } else {
                all(cache.path(), actions);
            }
        }
    }

    private static boolean isBefore(CacheEntry entry, Instant limit) {
        return entry.kind() == CacheEntry.Kind.FILE && entry.lastUsed().isBefore(limit);
    }

    /** Folders stay as folders for what is kept in them; each of the others goes with all that lies in it. */
    private void all(Path root, List<Action> actions) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        List<Path> children = children(root);
        if (children.size() > LISTED) {
            long bytes = 0;
            for (Path child : children) {
                bytes += see(child);
            }
            actions.add(
                    new Action.Delete(root, bytes, children.size() + " entries, " + REASON, () -> delete(root, root)));
            return;
        }
        for (Path child : children) {
            long bytes = see(child);
            actions.add(new Action.Delete(child, bytes, REASON, () -> delete(root, child)));
        }
    }

    private List<Path> children(Path root) throws IOException {
        List<Path> children = FolderListing.of(root);
        children.removeIf(child -> Placeholders.is(child) || removal.isMounted(child));
        return children;
    }

    private long see(Path child) {
        return removal.see(child, entry -> !Placeholders.is(entry.path()), entry -> {});
    }

    private long delete(Path root, Path entry) {
        return removal.delete(root, entry, Placeholders::is);
    }
}
