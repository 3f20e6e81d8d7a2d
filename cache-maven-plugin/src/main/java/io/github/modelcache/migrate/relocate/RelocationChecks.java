package io.github.modelcache.migrate.relocate;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.files.Mounts;
import io.github.modelcache.files.Volume;
import io.github.modelcache.files.deletion.DirectoryGuard;
import io.github.modelcache.files.deletion.UnsafeRootException;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Refuses folders that a cache can't be relocated from or to, before anything is changed. */
final class RelocationChecks {

    private static final Set<String> DISKS_WITHOUT_LINKS = Set.of("vfat", "msdos", "exfat", "fat", "fat32");
    private static final String UNCHANGED = " Nothing was changed";

    private final CacheConfig config;
    private final Path base;
    private final Path home;

    RelocationChecks(CacheConfig config, Path home) {
        this.config = config;
        this.base = config.baseDir();
        this.home = home;
    }

    /** Refuses to empty a folder that is more than a cache. */
    void requireDeletable(Path folder) throws UnsafeRootException {
        DirectoryGuard.requireDeletable(folder, config.projectRoot(), home);
    }

    /**
     * Refuses a target folder.
     *
     * @param begun whether an interrupted run has copied files to it
     */
    void requireTarget(Path to, Path from, boolean begun) throws IOException {
        String refused = "cache.migrate.to is " + to + ", but ";
        try {
            requireDeletable(to);
        } catch (UnsafeRootException e) {
            throw new IllegalArgumentException(refused + e.getMessage(), e);
        }
        Path real = Volume.real(to);
        if (real.startsWith(from) || from.startsWith(real)) {
            throw new IllegalArgumentException(
                    refused + "that folder contains the cache " + from + " or is in it; name another folder");
        }
        for (CacheRoot root : config.roots()) {
            boolean outside = !root.path().startsWith(base);
            if (outside && (to.startsWith(root.path()) || root.path().startsWith(to))) {
                throw new IllegalArgumentException(
                        refused + "the " + root.name() + " cache is there; name a folder for the model cache alone");
            }
        }
        if (Files.exists(to) && !Files.isDirectory(to)) {
            throw new IllegalArgumentException(refused + "that is a file; name an empty or a new folder");
        }
        if (Files.isDirectory(to) && !begun && !RelocationMarker.isUnused(to)) {
            throw new IllegalArgumentException(refused
                    + "that folder is not empty; name an empty or a new folder, such as " + to.resolve("model-cache"));
        }
    }

    /** Refuses a base folder that can't be replaced by a link. */
    void requireReplaceable() throws IOException {
        if (Mounts.now().isPoint(base.toRealPath())) {
            throw refused("something is mounted there (a disk, a volume or a bind mount). Mount the new disk there"
                    + " instead, or set base_dir in the config to the new folder and run mvn cache:download.");
        }
        Path parent = base.resolveSibling(".").normalize();
        if (!Files.isWritable(parent)) {
            throw refused(parent + " is not writable, so the cache can't be replaced by a link.");
        }
    }

    /** Refuses a cache that would not work in another folder, or can't be moved as a whole. */
    void requireMovable(Path from) throws IOException {
        try {
            requireDeletable(from);
        } catch (UnsafeRootException e) {
            throw new IllegalArgumentException("the model cache " + from + " can't be relocated: " + e.getMessage(), e);
        }
        List<String> mounts = Mounts.now().below(from.toRealPath()).points();
        if (!mounts.isEmpty()) {
            throw refused("something is mounted in it, on " + mounts.get(0) + "; unmount it first.");
        }
        for (CacheEntry entry : TreeCopier.entries(from)) {
            if (entry.kind() == CacheEntry.Kind.LINK && breaks(from, entry.path())) {
                throw refused("the link " + entry.path() + " would break, because it leads to "
                        + Files.readSymbolicLink(entry.path())
                        + ". Use a relative link for a target in the cache, and an absolute one for a target"
                        + " outside of it.");
            }
        }
    }

    /** Whether a link would lead to another file after the cache was moved. */
    private boolean breaks(Path from, Path link) throws IOException {
        Path text = Files.readSymbolicLink(link);
        if (!text.isAbsolute()) {
            return leaves(from.relativize(link).getNameCount() - 1, text);
        }
        Path target = text.normalize();
        // Where the base folder is no link yet, its path leads to the new folder afterwards.
        return Files.isSymbolicLink(base)
                && !target.startsWith(base)
                && target.getParent() != null
                && Volume.real(target.getParent()).resolve(target.getFileName()).startsWith(from);
    }

    private static boolean leaves(int depth, Path relative) {
        int level = depth;
        for (Path segment : relative) {
            if (segment.toString().equals("..")) {
                level--;
            } else if (!segment.toString().equals(".")) {
                level++;
            }
            if (level < 0) {
                return true;
            }
        }
        return false;
    }

    /** Refuses a cache that can't be copied or deleted, and a disk that can't hold it. */
    void requireCopyable(TreeCopier copier, Path target, Path to) throws IOException {
        Path from = copier.source();
        for (CacheEntry entry : TreeCopier.entries(from)) {
            if (entry.kind() == CacheEntry.Kind.DIRECTORY && !Files.isWritable(entry.path())) {
                throw refused("the folder " + entry.path() + " is read-only; make it writable first.");
            }
        }
        String type = Files.getFileStore(Volume.existing(target)).type().toLowerCase(Locale.ROOT);
        if (DISKS_WITHOUT_LINKS.contains(type) && hasLinks(from)) {
            throw noLinks(to);
        }
        long missing = copier.missingBytes();
        long usable = DiskSpace.usable(target);
        if (missing > usable) {
            throw new IOException("No space left on device for the model cache: " + ByteSize.format(missing)
                    + " must be copied to " + to + ", which has " + ByteSize.format(usable) + "." + UNCHANGED);
        }
    }

    static boolean hasLinks(Path folder) throws IOException {
        return TreeCopier.entries(folder).stream().anyMatch(entry -> entry.kind() == CacheEntry.Kind.LINK);
    }

    static IllegalArgumentException noLinks(Path to) {
        return new IllegalArgumentException(to + " is on a disk without symbolic links, such as exFAT or FAT, but this"
                + " cache has links. Choose a disk that has links (ext4, XFS, Btrfs, APFS, NTFS), or set base_dir in the"
                + " config to a folder on that disk and run mvn cache:download, which then stores files instead of"
                + " links." + UNCHANGED);
    }

    private IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("the model cache " + base + " can't be relocated: " + why + UNCHANGED);
    }
}
