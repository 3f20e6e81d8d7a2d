package io.github.modelcache.inventory.fingerprint;

import io.github.modelcache.inventory.scan.CacheEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the files that links lead to, as {@link CacheEntry#resolved} does, for many links that lie in few folders: the
 * real path of a folder is asked for once. Safe for several threads.
 */
public final class LinkResolver {

    private static final int FOLDERS_KEPT = 1000;

    private final Map<Path, Path> realFolders = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Path> eldest) {
            return size() > FOLDERS_KEPT;
        }
    });

    /**
     * Looks at an entry, or at what it leads to if it is a link.
     *
     * @throws java.nio.file.NoSuchFileException when there is none, or the link leads nowhere
     * @throws IOException when its attributes can't be read
     */
    public CacheEntry look(Path path) throws IOException {
        // Of a link, only this matters; unlike Files.isSymbolicLink, it does not take an error for a no.
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isSymbolicLink()) {
            return CacheEntry.of(path);
        }
        CacheEntry target = CacheEntry.of(target(path));
        return target.kind() == CacheEntry.Kind.LINK ? CacheEntry.of(path.toRealPath()) : target;
    }

    /** Where a link leads, by a path that has no link in it but perhaps its last name. */
    private Path target(Path link) throws IOException {
        Path from = realFolder(link.resolveSibling(".").normalize());
        Path target = from.resolve(Files.readSymbolicLink(link)).normalize();
        Path folder = target.getParent();
        // A ".." behind a link leads elsewhere than the text says.
        return folder != null && realFolder(folder).equals(folder) ? target : link.toRealPath();
    }

    private Path realFolder(Path folder) throws IOException {
        Path known = realFolders.get(folder);
        if (known != null) {
            return known;
        }
        Path real = folder.toRealPath();
        realFolders.put(folder, real);
        return real;
    }
}
