package io.github.modelcache.clean;

import io.github.modelcache.family.FolderKeepers;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.plan.Action;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** Plans the deletion of single entries of a folder. The first entries are listed one by one, the rest as one action. */
final class EntryCleaning implements CacheWalk.Visitor {

    private static final int LISTED = 1000;

    private final SafeDeleter deleter;
    private final Path root;
    private final Predicate<CacheEntry> deletable;
    private final String reason;
    private final List<Action> actions;
    private long listed;
    private long more;
    private long moreBytes;

    EntryCleaning(
            SafeDeleter deleter, Path root, Predicate<CacheEntry> deletable, String reason, List<Action> actions) {
        this.deleter = deleter;
        this.root = root;
        this.deletable = deletable;
        this.reason = reason;
        this.actions = actions;
    }

    void plan() {
        CacheWalk.walk(root, this);
        if (more > 0) {
            actions.add(new Action.Delete(
                    root,
                    moreBytes,
                    Words.count(more, "more entry") + " " + reason,
                    () -> deleter.deleteOnlyPlanned(root, root, path -> false)));
        }
    }

    @Override
    public void entry(CacheEntry entry) {
        if (FolderKeepers.is(entry.path())
                || !deletable.test(entry)
                || deleter.planned().isMounted(entry.path())) {
            return;
        }
        long bytes = deleter.planned().add(entry);
        if (listed < LISTED) {
            listed++;
            Path file = entry.path();
            actions.add(new Action.Delete(file, bytes, reason, () -> deleter.delete(root, file)));
        } else {
            more++;
            moreBytes += bytes;
        }
    }

    @Override
    public void unreadable(Path path, IOException reason) {
        // It is kept.
    }
}
