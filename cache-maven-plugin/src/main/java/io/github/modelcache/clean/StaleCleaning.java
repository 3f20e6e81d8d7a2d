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

/** Plans the end of what costs nobody anything: expired application entries, downloads that nobody continues. */
final class StaleCleaning {

    private static final String REASON = "abandoned download";

    private final CacheConfig config;
    private final Instant now;
    private final SafeDeleter removal;
    private final ActiveDownloads running;
    private final List<CacheRoot> roots;
    private final Leftovers leftovers;

    StaleCleaning(
            CacheConfig config,
            List<CacheRoot> roots,
            Lock lock,
            Instant now,
            SafeDeleter removal,
            ActiveDownloads running) {
        this.roots = roots;
        this.leftovers = new Leftovers(config, lock);
        this.config = config;
        this.now = now;
        this.removal = removal;
        this.running = running;
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
                        removal,
                        downloads,
                        entry -> isOlder(entry, limit) && stops(entry.path(), () -> ForeignLockGuard.isBusy(locks)),
                        REASON,
                        actions)
                .plan();
        for (ApplicationCache cache : config.applicationCaches()) {
            Instant expired = earlier(cache.expiry(), olderThan);
            String reason = "older than " + Age.format(cache.expiry());
            new EntryCleaning(removal, cache.path(), entry -> isOlder(entry, expired), reason, actions).plan();
        }
    }

    private Instant earlier(Duration age, Optional<Duration> olderThan) {
        Duration longest = olderThan.filter(other -> other.compareTo(age) > 0).orElse(age);
        return now.minus(longest);
    }

    /** Tells whether a build holds a lock. */
    @FunctionalInterface
    private interface Fetched {
        boolean now() throws IOException;
    }

    /** Whether nobody will go on with a download; one whose build sleeps looks as old as one that nobody continues. */
    private boolean stops(Path partial, Fetched fetched) {
        try {
            if (!fetched.now()) {
                return true;
            }
            running.skipped(partial, "another build is fetching a model there");
        } catch (IOException e) {
            running.unreadable(partial, e);
        }
        return false;
    }

    private void add(Path root, Path partial, long bytes, List<Action> actions) {
        Fetched fetched = () -> ForeignLockGuard.isBeingFetched(partial, root);
        actions.add(new Action.Delete(
                partial, bytes, REASON, () -> stops(partial, fetched) ? removal.delete(root, partial) : 0));
    }

    private boolean goes(Path root, Path partial) {
        return !removal.isMounted(partial) && stops(partial, () -> ForeignLockGuard.isBeingFetched(partial, root));
    }

    private static boolean isOlder(CacheEntry entry, Instant limit) {
        return entry.kind() == CacheEntry.Kind.FILE && entry.modified().isBefore(limit);
    }

    /** Partial files, and whole folders in which a model gathers; what lies in such a folder goes with it or stays. */
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
            if (abandoned && goes(root, file)) {
                add(root, file, removal.see(entry), actions);
            }
        }

        @Override
        public void directory(CacheEntry directory) {
            Path folder = directory.path();
            if (!PartialFiles.isPartialFolder(folder) || folders.stream().anyMatch(folder::startsWith)) {
                return;
            }
            folders.add(folder);
            Youngest youngest = new Youngest();
            CacheWalk.walk(folder, youngest);
            boolean abandoned = directory.modified().isBefore(limit) && youngest.modified.isBefore(limit);
            if (abandoned && goes(root, folder)) {
                add(root, folder, removal.see(folder, entry -> true, entry -> {}), actions);
            }
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            // What can't be looked at stays.
        }
    }

    /** When something in a folder was last written to. */
    private static final class Youngest implements CacheWalk.Visitor {

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
            modified = Instant.MAX; // Nobody knows, so it stays.
        }
    }
}
