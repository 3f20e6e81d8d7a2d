package io.github.modelcache.clean;

import io.github.modelcache.config.ApplicationCache;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.inventory.CacheEntry;
import io.github.modelcache.inventory.CacheWalk;
import io.github.modelcache.layout.OwnFiles;
import io.github.modelcache.layout.PartialFiles;
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
    private final Removal removal;

    StaleCleaning(CacheConfig config, Instant now, Removal removal) {
        this.config = config;
        this.now = now;
        this.removal = removal;
    }

    void plan(Optional<Duration> olderThan, List<Action> actions) {
        Instant limit = earlier(PartialFiles.ABANDONED, olderThan);
        for (CacheRoot root : config.roots()) {
            if (root.kind() == CacheRoot.Kind.MODEL) {
                CacheWalk.walk(root.path(), new Abandoned(root.path(), limit, actions));
            }
        }
        Path downloads = new OwnFiles(config).downloads();
        new EntryCleaning(removal, downloads, entry -> isOlder(entry, limit), REASON, actions).plan();
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
            boolean partial = entry.kind() == CacheEntry.Kind.FILE && PartialFiles.isPartial(file);
            if (partial && isOlder(entry, limit) && folders.stream().noneMatch(file::startsWith)) {
                long bytes = removal.see(entry);
                actions.add(new Action.Delete(file, bytes, REASON, () -> removal.delete(root, file)));
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
            if (directory.modified().isBefore(limit) && youngest.modified.isBefore(limit)) {
                long bytes = removal.see(folder, entry -> true, entry -> {});
                actions.add(new Action.Delete(folder, bytes, REASON, () -> removal.delete(root, folder)));
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
