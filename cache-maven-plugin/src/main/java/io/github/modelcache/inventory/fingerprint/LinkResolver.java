package io.github.modelcache.inventory.fingerprint;

import io.github.modelcache.inventory.scan.CacheEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the files that links lead to, for many links in few folders: the real path of each folder is read once. */
public final class LinkResolver {

    private static final int FOLDERS_KEPT = 1000;

    private final Map<Path, Path> realFolders = new ConcurrentHashMap<>();

    /**
     * The attributes of a file, or of the one that a link leads to, with its real path.
     *
     * @throws java.nio.file.NoSuchFileException when it does not exist, or the link is broken
     * @throws IOException when its attributes can't be read
     */
    public CacheEntry resolve(Path path) throws IOException {
        CacheEntry entry = CacheEntry.of(path);
        if (entry.kind() != CacheEntry.Kind.LINK) {
            return entry;
        }
        CacheEntry target = CacheEntry.of(target(path));
        return target.kind() == CacheEntry.Kind.LINK ? CacheEntry.of(path.toRealPath()) : target;
    }

    /** The target of a link, by a path without links, except perhaps its last name. */
    private Path target(Path link) throws IOException {
        Path target = realFolder(link.resolveSibling(".").normalize())
                .resolve(Files.readSymbolicLink(link))
                .normalize();
        Path folder = target.getParent();
        // A ".." behind a link leads elsewhere than the text says.
        return folder != null && realFolder(folder).equals(folder) ? target : link.toRealPath();
    }

    private Path realFolder(Path folder) throws IOException {
        Path known = realFolders.get(folder);
        if (known != null) {
            return known;
        }
        if (realFolders.size() >= FOLDERS_KEPT) {
            realFolders.clear();
        }
        Path real = folder.toRealPath();
        realFolders.put(folder, real);
        return real;
    }
}
