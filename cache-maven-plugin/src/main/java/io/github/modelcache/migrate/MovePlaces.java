package io.github.modelcache.migrate;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.files.Mounts;
import io.github.modelcache.files.deletion.DirectoryGuard;
import io.github.modelcache.files.deletion.UnsafeRootException;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The folders that a model cache may be moved from and to; refuses all others before anything is changed. */
final class MovePlaces {

    private static final Set<String> WITHOUT_LINKS = Set.of("vfat", "msdos", "exfat", "fat", "fat32");

    private final CacheConfig config;
    private final Path home;

    MovePlaces(CacheConfig config, Path home) {
        this.config = config;
        this.home = home;
    }

    /**
     * Refuses a folder that the cache can't go to.
     *
     * @param begun whether an earlier run has moved a part of the cache there
     */
    void requireFit(Path to, Path from, boolean begun) throws IOException {
        String what = "cache.migrate.to is " + to + ", but ";
        try {
            DirectoryGuard.requireDeletable(to, config.projectRoot(), home);
        } catch (UnsafeRootException e) {
            throw new IllegalArgumentException(what + e.getMessage(), e);
        }
        Path realTo = real(to);
        if (realTo.startsWith(from) || from.startsWith(realTo)) {
            throw new IllegalArgumentException(
                    what + "it and the cache " + from + " lie in each other; name another folder");
        }
        for (CacheRoot root : config.roots()) {
            if (!root.path().startsWith(config.baseDir())
                    && (to.startsWith(root.path()) || root.path().startsWith(to))) {
                throw new IllegalArgumentException(
                        what + "the " + root.name() + " cache lies there; name a folder for the model cache alone");
            }
        }
        if (Files.exists(to) && !Files.isDirectory(to)) {
            throw new IllegalArgumentException(what + "that is a file; name a folder that is empty or not there");
        }
        if (Files.isDirectory(to) && !begun && !MoveMarker.isUnbegun(to)) {
            throw new IllegalArgumentException(
                    what + "that folder is not empty; name one that is empty or not there, such as "
                            + to.resolve("model-cache"));
        }
        requireMovable(from, to);
    }

    /** Refuses a folder that no link can take the place of. */
    static void requireReplaceable(Path base) throws IOException {
        Path parent = base.resolveSibling(".").normalize();
        if (Mounts.now().isPoint(base.toRealPath())) {
            throw new IllegalArgumentException("the model cache " + base + " can't be moved: something is mounted there"
                    + " (a disk, a volume or a bind mount), so no link can take its place. Mount the new place there"
                    + " instead, or name it as base_dir in the config and run mvn cache:download. Nothing was changed");
        }
        if (!Files.isWritable(parent)) {
            throw new IllegalArgumentException("the model cache " + base + " can't be moved: " + parent
                    + " can't be written to, so no link can take its place. Nothing was changed");
        }
    }

    /** Refuses a cache that would be another one elsewhere. */
    void requireMovable(Path from, Path to) throws IOException {
        try {
            DirectoryGuard.requireDeletable(from, config.projectRoot(), home);
        } catch (UnsafeRootException e) {
            throw new IllegalArgumentException("the model cache " + from + " can't be moved: " + e.getMessage(), e);
        }
        Mounts inside = Mounts.now().below(from.toRealPath());
        if (!inside.isEmpty()) {
            throw new IllegalArgumentException(
                    "the model cache " + from + " can't be moved: something is mounted in it, on "
                            + inside.points().get(0) + "; unmount it first. Nothing was changed");
        }
        Optional<Path> homeless = TreeCopy.homelessLink(from);
        if (homeless.isPresent()) {
            throw new IllegalArgumentException(homeless.get() + " leads out of the cache by a relative path, and would"
                    + " lead elsewhere from " + to + "; make it an absolute link first");
        }
    }

    /** Refuses a disk that is known to have no links, without a try: looking never writes. */
    static void requireLinks(Path from, Path to) throws IOException {
        Path existing = existing(to);
        String type = Files.getFileStore(existing).type().toLowerCase(Locale.ROOT);
        if (WITHOUT_LINKS.contains(type) && TreeCopy.hasLinks(from)) {
            throw new IllegalArgumentException(noLinks(to));
        }
    }

    /** Why a cache with links can't go to a disk without. */
    static String noLinks(Path to) {
        return to + " lies on a disk that has no symbolic links, as exFAT and FAT have none, and a hub cache is made of"
                + " them. Choose a disk with such links (ext4, XFS, Btrfs, APFS, NTFS), or name a folder of that disk as"
                + " base_dir in the config and run mvn cache:download, which keeps the hub cache without links there."
                + " Nothing was changed";
    }

    /** Where a path really leads to, of which the end may be missing. */
    static Path real(Path path) throws IOException {
        Path existing = existing(path);
        return existing.toRealPath().resolve(existing.relativize(path)).normalize();
    }

    private static Path existing(Path path) {
        Path existing = path;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }

    /** Refuses a disk that has not room for what is still to be copied. */
    static void requireRoom(TreeCopy copy, Path to) throws IOException {
        long missing = copy.missingBytes();
        long usable = DiskSpace.usable(to);
        if (missing > usable) {
            throw new IOException("No space left on device for the model cache: " + ByteSize.format(missing)
                    + " are to be copied to " + to + ", which has " + ByteSize.format(usable)
                    + ". Nothing was changed");
        }
    }
}
