package io.github.modelcache.inventory.usage;

import io.github.modelcache.collections.Mix64;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.List;

/**
 * Looks at the entries of a folder of a snapshot. Nearly all of them are links to blobs of the same repository; where
 * one leads is cheaper to ask than what it is, and tells all that counts.
 */
final class SnapshotLinkReader implements CacheWalk.Look {

    private final Path blobs;
    private final String prefix;
    private final CacheWalk.Look otherwise;
    private final boolean places;
    /** Where links can't be made, the files themselves lie here. Only a hint, so threads need not agree on it. */
    private volatile boolean files;

    /**
     * A look at a folder.
     *
     * @param folder lies in a snapshot of the repository, with no link in between
     * @param blobs the contents of the repository
     * @param otherwise looks at what is no link to a blob
     * @param places whether links to blobs are to be shown; if not, they are passed over
     */
    SnapshotLinkReader(Path folder, Path blobs, CacheWalk.Look otherwise, boolean places) {
        this.blobs = blobs;
        String separator = blobs.getFileSystem().getSeparator();
        this.prefix = folder.relativize(blobs) + separator;
        this.otherwise = otherwise;
        this.places = places;
    }

    @Override
    public CacheEntry at(Path path) throws IOException {
        if (files) {
            return otherwise.at(path);
        }
        try {
            return pointer(path);
        } catch (NotLinkException e) {
            CacheEntry entry = otherwise.at(path);
            files = entry.kind() == CacheEntry.Kind.FILE;
            return entry;
        } catch (UnsupportedOperationException e) {
            return otherwise.at(path);
        }
    }

    private CacheEntry pointer(Path path) throws IOException {
        String target = Files.readSymbolicLink(path).toString();
        boolean blob =
                target.startsWith(prefix) && target.indexOf(prefix.charAt(prefix.length() - 1), prefix.length()) < 0;
        return CacheEntry.pointer(path, blob ? key(blobs, target.substring(prefix.length())) : 0);
    }

    @Override
    public void all(List<Path> paths, CacheWalk.Looks looks) {
        for (Path path : paths) {
            try {
                CacheEntry entry = at(path);
                if (places
                        || entry.kind() != CacheEntry.Kind.LINK
                        || entry.stamp().inode() == 0) {
                    looks.add(entry);
                }
            } catch (IOException e) {
                looks.fail(path, e);
            }
        }
    }

    /** A number that stands for a blob, never 0. */
    static long key(Path blobs, String name) {
        return Mix64.mix(LinkedBlobs.hash(name), blobs.hashCode()) | 1;
    }
}
