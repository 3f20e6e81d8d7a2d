package io.github.modelcache.clean;

import io.github.modelcache.family.Placeholders;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.plan.Action;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** Plans the end of single entries of a folder, each an action of its own as long as somebody may want to read them. */
final class EntryCleaning implements CacheWalk.Visitor {

    private static final int LISTED = 1000;

    private final SafeDeleter removal;
    private final Path root;
    private final Predicate<CacheEntry> goes;
    private final String reason;
    private final List<Action> actions;
    private long listed;
    private long more;
    private long moreBytes;

    EntryCleaning(SafeDeleter removal, Path root, Predicate<CacheEntry> goes, String reason, List<Action> actions) {
        this.removal = removal;
        this.root = root;
        this.goes = goes;
        this.reason = reason;
        this.actions = actions;
    }

    void plan() {
        CacheWalk.walk(root, this);
        if (more > 0) {
            actions.add(new Action.Delete(
                    root,
                    moreBytes,
                    SafeDeleter.moreEntries(more) + " " + reason,
                    () -> removal.deleteOnlySeen(root, root, path -> false)));
        }
    }

    @Override
    public void entry(CacheEntry entry) {
        if (Placeholders.is(entry.path()) || !goes.test(entry) || removal.isMounted(entry.path())) {
            return;
        }
        long bytes = removal.see(entry);
        if (listed < LISTED) {
            listed++;
            Path file = entry.path();
            actions.add(new Action.Delete(file, bytes, reason, () -> removal.delete(root, file)));
        } else {
            more++;
            moreBytes += bytes;
        }
    }

    @Override
    public void unreadable(Path path, IOException reason) {
        // What can't be looked at stays.
    }
}
