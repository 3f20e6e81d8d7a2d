package io.github.modelcache.migrate.relocate;

import io.github.modelcache.family.CacheDirTag;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.inventory.fingerprint.Fingerprints;
import io.github.modelcache.inventory.scan.CacheEntry;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Deletes a copied cache folder, if the new one has each of its files. */
final class OldCacheDeleter implements TreeDeleter.Judge {

    private final Path old;
    private final Path current;
    private final PartialDownloads partials;
    private final AtomicFileOperations operations;
    private final Fingerprints copied = new Fingerprints();
    private Optional<Path> written = Optional.empty();
    private Optional<IOException> failure = Optional.empty();

    /**
     * Prepares the deletion.
     *
     * @param old the folder to delete
     * @param current the folder that the cache is in now
     */
    OldCacheDeleter(Path old, Path current, PartialDownloads partials, AtomicFileOperations operations) {
        this.old = old;
        this.current = current;
        this.partials = partials;
        this.operations = operations;
    }

    /**
     * Requires that the new folder has each file of the old one, with the same content or a newer one.
     *
     * @throws IOException that names the first file which it has not
     */
    void requireCopied() throws IOException {
        partials.requireIdle(old);
        for (CacheEntry entry : TreeCopier.entries(old)) {
            copied.add(entry);
            if (isContent(entry) && !isCopied(entry)) {
                throw different(entry.path());
            }
        }
    }

    /** Whether an entry is more than a folder or a file that the next build creates again. */
    private boolean isContent(CacheEntry entry) {
        Path path = entry.path();
        return (entry.kind() == CacheEntry.Kind.FILE || entry.kind() == CacheEntry.Kind.LINK)
                && !path.startsWith(old.resolve(RelocationMarker.FOLDER))
                && !path.equals(old.resolve(CacheDirTag.NAME))
                && !Layout.isLock(path)
                && !partials.isForeign(old, path)
                && !PlatformFiles.is(path.getFileName().toString());
    }

    private boolean isCopied(CacheEntry entry) throws IOException {
        Path path = current.resolve(old.relativize(entry.path()));
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        CacheEntry there = CacheEntry.of(path);
        boolean sameLink = entry.kind() == CacheEntry.Kind.LINK
                && there.kind() == CacheEntry.Kind.LINK
                && Files.readSymbolicLink(entry.path()).equals(Files.readSymbolicLink(path));
        return sameLink || TreeCopier.isNewer(there, entry) || TreeCopier.isCopy(entry, there);
    }

    private IOException different(Path path) {
        return new IOException(old + " was not deleted: " + current + " has no copy of " + path
                + ", or an older one. The cache is in " + current + ". Stop the programs that use " + old
                + ", copy the file to the cache or delete it, and run mvn cache:migrate again");
    }

    /**
     * Deletes the folder; a mount point is kept as an empty folder.
     *
     * @return the bytes that became free
     * @throws IOException when a file is not in the new folder, or can't be deleted
     */
    long run() throws IOException {
        requireCopied();
        long freed = operations.deleteAll(old, this);
        if (failure.isPresent()) {
            throw failure.get();
        }
        if (written.isPresent()) {
            throw different(written.get());
        }
        try {
            Files.deleteIfExists(old);
        } catch (DirectoryNotEmptyException e) {
            throw different(old);
        } catch (FileSystemException e) {
            return freed; // a mount point, or a folder in one that belongs to another user
        }
        return freed;
    }

    @Override
    public synchronized boolean shouldDelete(Path path, BasicFileAttributes attributes) {
        boolean known = copied.contains(path, attributes);
        if (!known && written.isEmpty()) {
            written = Optional.of(path);
        }
        return known;
    }

    /** Snapshots link to blobs, so an interrupted run leaves no broken link. */
    @Override
    public boolean isDeletedLast(Path folder) {
        return HubPlaces.isBlobs(folder);
    }

    @Override
    public synchronized void failed(IOException reason) {
        failure = Optional.of(failure.orElse(reason));
    }
}
