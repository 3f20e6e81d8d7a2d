package io.github.modelcache.inventory.scan;

import io.github.modelcache.files.HardLinks;
import io.github.modelcache.inventory.fingerprint.Fingerprints;
import io.github.modelcache.inventory.usage.FreeableBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Looks at the entries of a folder as {@link Fingerprints} and {@link FreeableBytes} need them: of files also the number
 * of names, and of contents with several names which one it is.
 */
public final class DeletionAttributes implements CacheWalk.Look {

    @Override
    public CacheEntry at(Path path) throws IOException {
        CacheEntry entry = CacheEntry.basic(path);
        return entry.kind() == CacheEntry.Kind.FILE ? known(entry) : entry;
    }

    /** All of a content with more than one name, as it is then looked for under the others. */
    private static CacheEntry known(CacheEntry file) throws IOException {
        return HardLinks.names(file.path()) == 1 ? file : CacheEntry.of(file.path());
    }

    @Override
    public void all(List<Path> paths, CacheWalk.Looks looks) {
        for (Path path : paths) {
            try {
                looks.add(at(path));
            } catch (IOException e) {
                looks.fail(path, e);
            }
        }
    }
}
