package io.github.modelcache.inventory.usage;

import io.github.modelcache.collections.LongSet;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The names of the contents that snapshots of a hub repository lead to, 16 bytes each. A link that can't be read, or a
 * folder, means that any content may be in use.
 */
public final class LinkedBlobs implements CacheWalk.Visitor {

    private final LongSet names = new LongSet();
    private final Set<Path> except;
    private boolean anything;

    private LinkedBlobs(Collection<Path> except) {
        this.except = new HashSet<>(except);
    }

    /**
     * Reads the links of all snapshots.
     *
     * @param except snapshots that do not count, because they are about to go
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
            return;
        }
        try {
            Path name = Files.readSymbolicLink(entry.path()).getFileName();
            names.add(hash(String.valueOf(name)));
        } catch (IOException e) {
            anything = true;
        }
    }

    @Override
    public void unreadable(Path path, IOException reason) {
        anything = true;
    }

    /** Whether a content may be in use. */
    public boolean contains(Path blob) {
        return anything || names.contains(hash(String.valueOf(blob.getFileName())));
    }

    /** Whether no content is in use. */
    public boolean isEmpty() {
        return !anything && names.isEmpty();
    }

    /** FNV-1a; two names of one hash keep each other, which costs space and nothing else. */
    static long hash(String name) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
