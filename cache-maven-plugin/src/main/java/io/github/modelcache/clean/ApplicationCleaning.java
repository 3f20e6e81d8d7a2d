package io.github.modelcache.clean;

import io.github.modelcache.config.ApplicationCache;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.FolderKeepers;
import io.github.modelcache.family.FolderListing;
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

/** Plans the deletion of entries of the application caches. */
record ApplicationCleaning(CacheConfig config, Instant now, SafeDeleter deleter) {
    private static final String REASON = "application metadata";
    private static final int LISTED = 1000;

    /** Plans all entries, or those that were not used for some time. */
    void plan(Optional<Duration> olderThan, List<Action> actions) throws IOException {
        for (ApplicationCache cache : config.applicationCaches()) {
            if (olderThan.isPresent()) {
                Instant limit = now.minus(olderThan.get());
                String reason = "not used for " + Age.format(olderThan.get());
                new EntryCleaning(deleter, cache.path(), entry -> isBefore(entry, limit), reason, actions).plan();
            } else {
                all(cache.path(), actions);
            }
        }
    }

    private static boolean isBefore(CacheEntry entry, Instant limit) {
        return entry.kind() == CacheEntry.Kind.FILE && entry.lastUsed().isBefore(limit);
    }

    /** Each entry of the folder is deleted with its content; placeholders such as {@code .gitkeep} are kept. */
    private void all(Path root, List<Action> actions) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        List<Path> children = children(root);
        if (children.size() > LISTED) {
            long bytes = 0;
            for (Path child : children) {
                bytes += planEntry(child);
            }
            actions.add(
                    new Action.Delete(root, bytes, children.size() + " entries, " + REASON, () -> delete(root, root)));
            return;
        }
        for (Path child : children) {
            long bytes = planEntry(child);
            actions.add(new Action.Delete(child, bytes, REASON, () -> delete(root, child)));
        }
    }

    private List<Path> children(Path root) throws IOException {
        List<Path> children = FolderListing.of(root);
        children.removeIf(child -> FolderKeepers.is(child) || deleter.planned().isMounted(child));
        return children;
    }

    private long planEntry(Path child) {
        return deleter.planned().add(child, entry -> !FolderKeepers.is(entry.path()), entry -> {});
    }

    private long delete(Path root, Path entry) {
        return deleter.delete(root, entry, FolderKeepers::is);
    }
}
