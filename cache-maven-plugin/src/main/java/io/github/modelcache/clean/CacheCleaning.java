package io.github.modelcache.clean;

import io.github.modelcache.config.ApplicationCache;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.inventory.CacheEntry;
import io.github.modelcache.inventory.CacheUsage;
import io.github.modelcache.inventory.CacheWalk;
import io.github.modelcache.io.DirectoryGuard;
import io.github.modelcache.io.TreeDeleter;
import io.github.modelcache.layout.OwnFiles;
import io.github.modelcache.layout.PartialFiles;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.Age;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Plans what goes. Roots are emptied, never removed; no root is touched before every root was found fit to be deleted
 * from.
 */
public final class CacheCleaning {

    /** A partial download that was not written to for this long is abandoned. */
    public static final Duration ABANDONED = Duration.ofDays(1);

    private static final String ABANDONED_DOWNLOAD = "abandoned download";

    private final CacheConfig config;
    private final Path home;
    private final Instant now;
    private final TreeDeleter deleter = new TreeDeleter();

    /**
     * A cleaning of the caches of one project.
     *
     * @param home the user's home folder, which is never emptied
     */
    public CacheCleaning(CacheConfig config, Path home, Instant now) {
        this.config = config;
        this.home = home;
        this.now = now;
    }

    /**
     * What goes.
     *
     * @throws io.github.modelcache.io.UnsafeRootException when a root is not fit to be deleted from
     * @throws IOException when a root can't be read
     */
    public Plan plan(CleanScope scope) throws IOException {
        for (CacheRoot root : config.roots()) {
            DirectoryGuard.requireDeletable(root.path(), config.projectRoot(), home);
        }
        Path downloads = new OwnFiles(config).downloads();
        DirectoryGuard.requireDeletable(downloads, config.projectRoot(), home);
        List<Action> actions = new ArrayList<>();
        if (scope == CleanScope.STALE) {
            stale(actions);
            return new Plan(actions);
        }
        for (CacheRoot root : config.roots()) {
            boolean model = root.kind() == CacheRoot.Kind.MODEL;
            if (model ? scope.models() : scope.metadata()) {
                empty(root.path(), model ? "can be fetched again" : "application metadata", actions);
            }
        }
        if (scope.models()) {
            empty(downloads, "can be fetched again", actions);
        }
        return new Plan(actions);
    }

    private void stale(List<Action> actions) {
        Instant limit = now.minus(ABANDONED);
        for (CacheRoot root : config.roots()) {
            if (root.kind() == CacheRoot.Kind.MODEL) {
                CacheWalk.walk(root.path(), new Abandoned(root.path(), limit, actions));
            }
        }
        select(new OwnFiles(config).downloads(), entry -> isOlder(entry, limit), ABANDONED_DOWNLOAD, actions);
        applicationEntries(actions);
    }

    private void applicationEntries(List<Action> actions) {
        for (ApplicationCache cache : config.applicationCaches()) {
            Instant limit = now.minus(cache.expiry());
            select(
                    cache.path(),
                    entry -> entry.modified().isBefore(limit),
                    "older than " + Age.format(cache.expiry()),
                    actions);
        }
    }

    private static boolean isOlder(CacheEntry entry, Instant limit) {
        return entry.modified().isBefore(limit);
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
            if (partial && isOlder(entry, limit) && !isInFolder(file)) {
                actions.add(new Action.Delete(
                        file, entry.size(), ABANDONED_DOWNLOAD, () -> deleter.deleteFile(root, file)));
            }
        }

        @Override
        public void directory(CacheEntry directory) {
            Path folder = directory.path();
            if (!PartialFiles.isPartialFolder(folder) || isInFolder(folder)) {
                return;
            }
            folders.add(folder);
            Content content = new Content();
            CacheWalk.walk(folder, content);
            if (isOlder(directory, limit) && content.modified.isBefore(limit)) {
                actions.add(new Action.Delete(
                        folder, content.usage.bytes(), ABANDONED_DOWNLOAD, () -> delete(root, folder)));
            }
        }

        private boolean isInFolder(Path path) {
            return folders.stream().anyMatch(path::startsWith);
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            // What can't be looked at stays.
        }
    }

    /** What lies in a folder, and when it was last written to. */
    private static final class Content implements CacheWalk.Visitor {

        private final CacheUsage usage = new CacheUsage();
        private Instant modified = Instant.MIN;

        @Override
        public void entry(CacheEntry entry) {
            usage.add(entry);
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

    private void select(Path root, Predicate<CacheEntry> goes, String reason, List<Action> actions) {
        CacheWalk.walk(root, new CacheWalk.Visitor() {
            @Override
            public void entry(CacheEntry entry) {
                if (entry.kind() == CacheEntry.Kind.FILE && goes.test(entry)) {
                    Path file = entry.path();
                    actions.add(new Action.Delete(file, entry.size(), reason, () -> deleter.deleteFile(root, file)));
                }
            }

            @Override
            public void unreadable(Path path, IOException reason) {
                // What can't be looked at stays.
            }
        });
    }

    private void empty(Path root, String reason, List<Action> actions) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(root)) {
            for (Path child : children) {
                actions.add(new Action.Delete(child, size(child), reason, () -> delete(root, child)));
            }
        }
    }

    private long delete(Path root, Path child) throws IOException {
        boolean folder = Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS);
        return folder ? deleter.deleteTree(root, child, path -> false) : deleter.deleteFile(root, child);
    }

    private static long size(Path path) throws IOException {
        Content content = new Content();
        CacheEntry entry = CacheEntry.of(path);
        content.usage.add(entry);
        if (entry.kind() == CacheEntry.Kind.DIRECTORY) {
            CacheWalk.walk(path, content);
        }
        return content.usage.bytes();
    }
}
