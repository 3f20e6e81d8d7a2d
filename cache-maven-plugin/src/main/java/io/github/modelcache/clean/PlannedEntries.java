package io.github.modelcache.clean;

import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.inventory.fingerprint.Fingerprints;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.inventory.usage.FreeableBytes;
import io.github.modelcache.inventory.usage.MountedFolders;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The entries that a plan deletes, as they were when it was made. */
final class PlannedEntries {

    private final Path projectRoot;
    private final Messages messages;
    private final MountedFolders mounts;
    private final Set<Path> namedMounts = new HashSet<>();
    private final Fingerprints planned = new Fingerprints();
    private final FreeableBytes freeable = new FreeableBytes();

    PlannedEntries(Path projectRoot, Messages messages, MountedFolders mounts) {
        this.projectRoot = projectRoot;
        this.messages = messages;
        this.mounts = mounts;
    }

    /** Whether an entry is, or is on, another mount than its root. Such entries are kept; each mount is named once. */
    boolean isMounted(Path entry) {
        return isKept(mounts.containing(entry));
    }

    /** Whether a model or a part of it is on another mount than its root. */
    boolean isPartlyMounted(Path folder) {
        return isKept(mounts.touching(folder));
    }

    private boolean isKept(Optional<Path> mount) {
        mount.ifPresent(this::nameMount);
        return mount.isPresent();
    }

    synchronized void nameMount(Path mount) {
        if (namedMounts.add(mount)) {
            kept(mount, TreeDeleter.MOUNTED);
        }
    }

    void kept(Path path, String why) {
        messages.warn("Kept " + name(path) + ": " + why);
    }

    /** A path for messages. */
    String name(Path path) {
        return TextSanitizer.text(Plan.name(projectRoot, path));
    }

    boolean contains(CacheEntry entry) {
        return planned.contains(entry);
    }

    boolean contains(Path path, BasicFileAttributes attributes) {
        return planned.contains(path, attributes);
    }

    boolean containsAlone(Path path, BasicFileAttributes attributes) {
        return planned.containsAlone(path, attributes);
    }

    /**
     * Plans the deletion of a file or folder; no link is followed.
     *
     * @param deletable which of its entries may be deleted
     * @param also is shown every entry
     * @return the bytes that this deletion frees, after all deletions that were planned before
     */
    long add(Path part, Predicate<CacheEntry> deletable, Consumer<CacheEntry> also) {
        Planning planning = new Planning(deletable, also);
        if (isMounted(part)) {
            return 0;
        }
        try {
            CacheEntry entry = CacheEntry.of(part);
            if (entry.kind() == CacheEntry.Kind.DIRECTORY) {
                planning.directory(entry);
                CacheWalk.walk(part, planning);
            } else {
                planning.entry(entry);
            }
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            planning.unreadable(part, e);
        }
        return planning.bytes;
    }

    /** Plans the deletion of all of a file or folder. */
    long add(Path part) {
        return add(part, entry -> true, entry -> {});
    }

    /** Plans the deletion of one entry. */
    long add(CacheEntry entry) {
        planned.add(entry);
        return freeable.add(entry);
    }

    private final class Planning implements CacheWalk.Visitor {

        private final Predicate<CacheEntry> deletable;
        private final Consumer<CacheEntry> also;
        private long bytes;

        Planning(Predicate<CacheEntry> deletable, Consumer<CacheEntry> also) {
            this.deletable = deletable;
            this.also = also;
        }

        @Override
        public void entry(CacheEntry entry) {
            also.accept(entry);
            if (deletable.test(entry) && !isMounted(entry.path())) {
                bytes += add(entry);
            }
        }

        @Override
        public void directory(CacheEntry directory) {
            also.accept(directory);
        }

        @Override
        public boolean wants(CacheEntry directory) {
            return !isMounted(directory.path());
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            // The deletion names it.
        }
    }
}
