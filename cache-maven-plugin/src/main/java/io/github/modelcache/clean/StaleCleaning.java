package io.github.modelcache.clean;

import io.github.modelcache.config.ApplicationCache;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.inventory.usage.Leftovers;
import io.github.modelcache.model.Lock;
import io.github.modelcache.plan.Action;
import io.github.modelcache.units.Age;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Plans the deletion of stale files: expired application entries and abandoned partial downloads. */
final class StaleCleaning {

    private static final String REASON = "abandoned download";

    private final CacheConfig config;
    private final Instant now;
    private final SafeDeleter deleter;
    private final DownloadGuard downloads;
    private final List<CacheRoot> roots;
    private final Leftovers leftovers;

    StaleCleaning(
            CacheConfig config,
            List<CacheRoot> roots,
            Lock lock,
            Instant now,
            SafeDeleter deleter,
            DownloadGuard downloads) {
        this.roots = roots;
        this.leftovers = new Leftovers(config, lock);
        this.config = config;
        this.now = now;
        this.deleter = deleter;
        this.downloads = downloads;
    }

    void plan(Optional<Duration> olderThan, List<Action> actions) {
        Instant limit = earlier(PartialFiles.ABANDONED, olderThan);
        for (CacheRoot root : roots) {
            if (root.kind() == CacheRoot.Kind.MODEL) {
                CacheWalk.walk(root.path(), new Abandoned(root.path(), limit, actions));
            }
        }
        Path downloads = new PluginDirectory(config).downloads();
        Path locks = new PluginDirectory(config).downloadLocks();
        new EntryCleaning(
                        deleter,
                        downloads,
                        entry -> isOlder(entry, limit)
                                && isAbandoned(entry.path(), () -> DownloadGuard.hasHeldLock(locks, Set.of())),
                        REASON,
                        actions)
                .plan();
        for (ApplicationCache cache : config.applicationCaches()) {
            Instant expired = earlier(cache.expiry(), olderThan);
            String reason = "older than " + Age.format(cache.expiry());
            new EntryCleaning(deleter, cache.path(), entry -> isOlder(entry, expired), reason, actions).plan();
        }
    }

    private Instant earlier(Duration age, Optional<Duration> olderThan) {
        Duration longest = olderThan.filter(other -> other.compareTo(age) > 0).orElse(age);
        return now.minus(longest);
    }

    /** Tells whether a build holds a lock. */
    @FunctionalInterface
    private interface LockCheck {
        boolean now() throws IOException;
    }

    /** Whether no build continues a download. A suspended build writes nothing, but holds its lock. */
    private boolean isAbandoned(Path partial, LockCheck locked) {
        try {
            if (!locked.now()) {
                return true;
            }
            downloads.kept(partial, DownloadGuard.FETCHED_THERE);
        } catch (IOException e) {
            downloads.unreadable(partial, e);
        }
        return false;
    }

    private void add(Path root, Path partial, long bytes, List<Action> actions) {
        LockCheck locked = () -> DownloadGuard.isFetched(partial, root);
        actions.add(new Action.Delete(
                partial, bytes, REASON, () -> isAbandoned(partial, locked) ? deleter.delete(root, partial) : 0));
    }

    private boolean isDeleted(Path root, Path partial) {
        return !deleter.planned().isMounted(partial)
                && isAbandoned(partial, () -> DownloadGuard.isFetched(partial, root));
    }

    private static boolean isOlder(CacheEntry entry, Instant limit) {
        return entry.kind() == CacheEntry.Kind.FILE && entry.modified().isBefore(limit);
    }

    /** Finds abandoned partial files and folders. A partial folder is deleted or kept as a whole. */
    private final class Abandoned implements CacheWalk.Visitor {

        private final Path root;
        private final Instant limit;
        private final List<Action> actions;
        private final List<Path> folders = new ArrayList<>();

        Abandoned(Path root, Instant limit, List<Action> actions) {
            this.root = root;
            this.limit = limit;
            this.actions = actions;
        }

        @Override
        public void entry(CacheEntry entry) {
            Path file = entry.path();
            boolean partial = entry.kind() == CacheEntry.Kind.FILE && leftovers.has(file);
            boolean abandoned =
                    partial && isOlder(entry, limit) && folders.stream().noneMatch(file::startsWith);
            if (abandoned && isDeleted(root, file)) {
                add(root, file, deleter.planned().add(entry), actions);
            }
        }

        @Override
        public void directory(CacheEntry directory) {
            Path folder = directory.path();
            if (!PartialFiles.isPartialFolder(folder) || folders.stream().anyMatch(folder::startsWith)) {
                return;
            }
            folders.add(folder);
            LastWrite lastWrite = new LastWrite();
            CacheWalk.walk(folder, lastWrite);
            boolean abandoned = directory.modified().isBefore(limit) && lastWrite.modified.isBefore(limit);
            if (abandoned && isDeleted(root, folder)) {
                add(root, folder, deleter.planned().add(folder), actions);
            }
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            // It is kept.
        }
    }

    /** When an entry of a folder was last written to. */
    private static final class LastWrite implements CacheWalk.Visitor {

        private Instant modified = Instant.MIN;

        @Override
        public void entry(CacheEntry entry) {
            directory(entry);
        }

        @Override
        public void directory(CacheEntry directory) {
            modified = directory.modified().isAfter(modified) ? directory.modified() : modified;
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            modified = Instant.MAX; // it is kept
        }
    }
}
