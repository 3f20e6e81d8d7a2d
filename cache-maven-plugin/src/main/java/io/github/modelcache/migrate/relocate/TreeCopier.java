package io.github.modelcache.migrate.relocate;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.files.copy.CopiedAttributes;
import io.github.modelcache.inventory.fingerprint.Fingerprints;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.inventory.usage.CacheUsage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Copies a cache to another disk. Symbolic and hard links stay links; times and permissions are kept as far as the disk
 * keeps them. Process locks and partial downloads of other programs are not copied. Files that an interrupted run copied
 * are not copied again.
 */
record TreeCopier(Path source, Path target, PartialDownloads partials, AtomicFileOperations operations) {
    /** FAT stores times in steps of two seconds; no other file system is coarser. */
    private static final long COARSEST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private record Identity(long device, long inode) {}

    /**
     * The entries of a cache, each folder before its content.
     *
     * @throws IOException when a folder can't be read
     */
    static List<CacheEntry> entries(Path root) throws IOException {
        List<CacheEntry> entries = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        CacheWalk.walk(root, new CacheWalk.Visitor() {
            @Override
            public void entry(CacheEntry entry) {
                entries.add(entry);
            }

            @Override
            public void directory(CacheEntry directory) {
                entries.add(directory);
            }

            @Override
            public void unreadable(Path path, IOException reason) {
                unreadable.add(path + " (" + IoErrors.message(reason, path) + ")");
            }
        });
        if (!unreadable.isEmpty()) {
            throw new IOException(
                    unreadable.get(0) + " can't be read, so the cache can't be relocated. Make it readable"
                            + " for the user who runs Maven, or delete it");
        }
        return entries;
    }

    /** The size of all distinct contents in a folder. */
    static long bytes(Path folder) throws IOException {
        CacheUsage usage = new CacheUsage();
        entries(folder).forEach(usage::add);
        return usage.bytes();
    }

    /** The bytes that have to be copied, as far as sizes and times tell. */
    long missingBytes() throws IOException {
        CacheUsage usage = new CacheUsage();
        for (CacheEntry entry : sourceEntries()) {
            Path copy = copyOf(entry);
            boolean copied = Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS)
                    && CacheEntry.of(copy).size() == entry.size()
                    && Math.abs(newer(CacheEntry.of(copy), entry)) < COARSEST_NANOS;
            if (!copied) {
                usage.add(entry);
            }
        }
        return usage.bytes();
    }

    private List<CacheEntry> sourceEntries() throws IOException {
        return entries(source).stream()
                .filter(entry -> entry.kind() != CacheEntry.Kind.OTHER // a pipe or a socket has no content
                        && !Layout.isLock(entry.path())
                        && !partials.isForeign(source, entry.path())
                        && !RelocationMarker.isMarker(source, entry.path()))
                .toList();
    }

    private Path copyOf(CacheEntry entry) {
        return target.resolve(source.relativize(entry.path()));
    }

    /** By how many nanoseconds an entry was modified after another one. */
    private static long newer(CacheEntry one, CacheEntry other) {
        return one.stamp().modifiedNanos() - other.stamp().modifiedNanos();
    }

    /** Whether two files have the same content. Equal sizes and times are enough. */
    static boolean isCopy(CacheEntry one, CacheEntry other) throws IOException {
        return one.kind() == CacheEntry.Kind.FILE
                && other.kind() == CacheEntry.Kind.FILE
                && one.size() == other.size()
                && (newer(one, other) == 0
                        || Hashing.digest(one.path(), DigestAlgorithm.SHA256)
                                .equals(Hashing.digest(other.path(), DigestAlgorithm.SHA256)));
    }

    /** Whether an entry was modified after another one, on whichever disks they are. */
    static boolean isNewer(CacheEntry one, CacheEntry other) {
        return newer(one, other) > COARSEST_NANOS;
    }

    /**
     * Copies all files and reads each copy again.
     *
     * @return the bytes copied
     * @throws IOException when the source changed meanwhile, or something else is where a copy belongs
     */
    long run() throws IOException {
        long bytes = 0;
        Map<Identity, Path> names = new HashMap<>();
        Fingerprints before = new Fingerprints();
        List<CacheEntry> entries = sourceEntries();
        for (CacheEntry entry : entries) {
            before.add(entry);
        }
        for (CacheEntry entry : entries) {
            Path copy = copyOf(entry);
            switch (entry.kind()) {
                case DIRECTORY -> directory(copy);
                case LINK -> operations.symbolicLink(copy, temporary(copy), Files.readSymbolicLink(entry.path()));
                default -> bytes += file(entry, copy, names);
            }
        }
        requireUnchanged(before, entries);
        for (int i = entries.size() - 1; i >= 0; i--) { // the content of a read-only folder comes first
            if (entries.get(i).kind() == CacheEntry.Kind.DIRECTORY) {
                CopiedAttributes.keepPermissions(entries.get(i).path(), copyOf(entries.get(i)));
            }
        }
        return bytes;
    }

    private static Path temporary(Path copy) {
        return PartialFiles.beside(copy, "move", Optional.empty());
    }

    /** No link in the target is followed. */
    private static void directory(Path copy) throws IOException {
        if (Files.isDirectory(copy, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(
                    copy.toString(), null, "is not a folder. Delete it and run mvn cache:migrate again");
        }
        Files.createDirectories(copy);
    }

    private long file(CacheEntry entry, Path copy, Map<Identity, Path> names) throws IOException {
        if (entry.links() > 1) {
            Path first =
                    names.putIfAbsent(new Identity(entry.device(), entry.stamp().inode()), copy);
            if (first != null
                    && ((Files.exists(copy) && Files.isSameFile(first, copy))
                            || operations.hardLink(first, temporary(copy), copy))) {
                return 0;
            }
        }
        if (Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) {
            CacheEntry existing = CacheEntry.of(copy);
            if (isCopy(entry, existing)) {
                return 0;
            }
            if (isNewer(existing, entry)) {
                throw new IOException(copy + " is newer than " + entry.path() + ". Move it to another folder or delete"
                        + " it, and run mvn cache:migrate again. The cache is still in " + source);
            }
        }
        operations.copy(source, entry.path(), temporary(copy), copy);
        return entry.size();
    }

    private void requireUnchanged(Fingerprints before, List<CacheEntry> entries) throws IOException {
        long left = entries.size();
        for (CacheEntry entry : sourceEntries()) {
            if (entry.kind() != CacheEntry.Kind.DIRECTORY && !before.contains(entry)) {
                throw changed(entry.path());
            }
            left--;
        }
        partials.requireIdle(source);
        if (left != 0) {
            throw changed(source);
        }
    }

    private IOException changed(Path path) {
        return new IOException(
                path + " changed while the cache was copied. Stop the programs that use the cache and run"
                        + " mvn cache:migrate again. The cache is still in " + source);
    }
}
