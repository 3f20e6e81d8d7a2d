package io.github.modelcache.inventory.scan;

import io.github.modelcache.files.HardLinks;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Looks at the entries of a folder at little cost. How many names a content has is the one attribute that costs more than
 * all others: it is asked of each large file, and of one in {@value #ONE_IN} others. Where one of those has more names than
 * one, as all have that came from another cache by hard links, it is asked of each from then on.
 */
public final class SampledAttributes implements CacheWalk.Look {

    private static final long LARGE_BYTES = 1L << 20;
    private static final int ONE_IN = 64;

    /** Threads need not agree on it: it only tells when to look closer. */
    private volatile boolean shared;

    private int passed;

    @Override
    public CacheEntry at(Path path) throws IOException {
        CacheEntry entry = CacheEntry.glance(path, LinkOption.NOFOLLOW_LINKS);
        return entry.kind() == CacheEntry.Kind.FILE && isWorthAsking(entry) ? withNames(entry) : entry;
    }

    private boolean isWorthAsking(CacheEntry entry) {
        return shared || entry.size() >= LARGE_BYTES || passed++ % ONE_IN == 0;
    }

    private CacheEntry withNames(CacheEntry entry) throws IOException {
        int names = HardLinks.names(entry.path());
        shared |= names > 1;
        return entry.withLinks(names);
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
