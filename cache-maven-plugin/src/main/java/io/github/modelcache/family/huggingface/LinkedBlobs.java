package io.github.modelcache.family.huggingface;

import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The names of the blobs that the snapshots of a hub repository link to. A link or folder that can't be read means that
 * any blob may be in use.
 */
public final class LinkedBlobs implements CacheWalk.Visitor {

    private final Set<String> names = new HashSet<>();
    /** Inodes of files that have more than one name. */
    private final Set<Long> shared = new HashSet<>();

    private final Set<Path> except;
    private boolean anything;

    private LinkedBlobs(Collection<Path> except) {
        this.except = new HashSet<>(except);
    }

    /**
     * Reads the links of all snapshots.
     *
     * @param except snapshots that do not count, because they are about to be deleted
     */
    public static LinkedBlobs of(Path repository, Collection<Path> except) {
        LinkedBlobs linked = new LinkedBlobs(except);
        CacheWalk.walk(HubPlaces.snapshots(repository), linked);
        return linked;
    }

    @Override
    public boolean wants(CacheEntry directory) {
        return !except.contains(directory.path());
    }

    @Override
    public void entry(CacheEntry entry) {
        if (entry.kind() != CacheEntry.Kind.LINK) {
            if (entry.links() > 1) {
                shared.add(entry.stamp().inode()); // a plain file that may be a blob under a second name
            }
            return;
        }
        try {
            Path name = Files.readSymbolicLink(entry.path()).getFileName();
            names.add(String.valueOf(name));
        } catch (IOException e) {
            anything = true;
        }
    }

    @Override
    public void unreadable(Path path, IOException reason) {
        anything = true;
    }

    /** Whether a blob may be in use. */
    public boolean contains(Path blob) {
        return anything || names.contains(String.valueOf(blob.getFileName())) || isShared(blob);
    }

    private boolean isShared(Path blob) {
        try {
            return !shared.isEmpty()
                    && shared.contains(CacheEntry.resolved(blob).stamp().inode());
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether no blob is in use. */
    public boolean isEmpty() {
        return !anything && names.isEmpty() && shared.isEmpty();
    }
}
