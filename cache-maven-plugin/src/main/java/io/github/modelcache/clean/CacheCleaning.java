package io.github.modelcache.clean;

import io.github.modelcache.config.ApplicationCache;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.inventory.CacheEntry;
import io.github.modelcache.inventory.CacheUsage;
import io.github.modelcache.inventory.CacheWalk;
import io.github.modelcache.io.DirectoryGuard;
import io.github.modelcache.io.TreeDeleter;
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
        return new Plan(actions);
    }

    private void stale(List<Action> actions) {
        for (CacheRoot root : config.roots()) {
            if (root.kind() == CacheRoot.Kind.MODEL) {
                Instant limit = now.minus(ABANDONED);
                select(root.path(), entry -> abandoned(entry, limit), "abandoned download", actions);
            }
        }
        for (ApplicationCache cache : config.applicationCaches()) {
            Instant limit = now.minus(cache.expiry());
            select(
                    cache.path(),
                    entry -> entry.modified().isBefore(limit),
                    "older than " + Age.format(cache.expiry()),
                    actions);
        }
    }

    private static boolean abandoned(CacheEntry entry, Instant limit) {
        return PartialFiles.isPartial(entry.path()) && entry.modified().isBefore(limit);
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
        CacheUsage usage = new CacheUsage();
        CacheEntry entry = CacheEntry.of(path);
        usage.add(entry);
        if (entry.kind() == CacheEntry.Kind.DIRECTORY) {
            CacheWalk.walk(path, new CacheWalk.Visitor() {
                @Override
                public void entry(CacheEntry below) {
                    usage.add(below);
                }

                @Override
                public void unreadable(Path unknown, IOException reason) {
                    // The deletion will say so.
                }
            });
        }
        return usage.bytes();
    }
}
