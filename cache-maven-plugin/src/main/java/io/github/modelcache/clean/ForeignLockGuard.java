package io.github.modelcache.clean;

import io.github.modelcache.family.Layout;
import io.github.modelcache.inventory.usage.CachedModel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Locks that builds of other projects hold. What they bring, and where, this project can't know: it may keep other
 * models, or have other folders for them. So a lock that is held guards all around it that this project does not want.
 */
final class ForeignLockGuard {

    private final Set<Path> attributed = new HashSet<>();

    /**
     * The guards of a root.
     *
     * @param all what lies in it; the lock of a known model guards that model only
     */
    ForeignLockGuard(List<CachedModel> all) {
        all.forEach(held -> held.processLock().ifPresent(attributed::add));
    }

    /** Whether somebody may be bringing it now. */
    boolean guard(CachedModel held) throws IOException {
        if (held.locked().isPresent() || held.declared()) {
            return false;
        }
        for (Path folder = held.holding().place().getParent();
                folder != null && folder.startsWith(held.root());
                folder = folder.getParent()) {
            if (isBusy(folder.resolve(Layout.LOCKS), attributed)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a build holds a lock that may be the one of a partial file: of the folders around it, all locks that lie
     * directly in their {@code .locks}, and those that lie there below the name of the folder on the way to the file.
     */
    static boolean isBeingFetched(Path partial, Path root) throws IOException {
        Path inside = partial;
        for (Path folder = partial.getParent();
                folder != null && folder.startsWith(root);
                folder = folder.getParent()) {
            Path locks = folder.resolve(Layout.LOCKS);
            if (isBusy(locks) || isBusy(locks.resolve(inside.getFileName()))) {
                return true;
            }
            inside = folder;
        }
        return false;
    }

    /** Whether a build holds a lock in a folder. */
    static boolean isBusy(Path locks) throws IOException {
        return isBusy(locks, Set.of());
    }

    private static boolean isBusy(Path locks, Set<Path> attributed) throws IOException {
        if (!Files.isDirectory(locks, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(locks, "*.lock")) {
            for (Path file : files) {
                if (!attributed.contains(file) && ActiveDownloads.isHeld(file)) {
                    return true;
                }
            }
        }
        return false;
    }
}
