package io.github.modelcache.clean;

import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.files.deletion.UnsafeRootException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Refuses roots that contain each other on the disk, by a link, a mount or names that differ only in case. */
final class DistinctRoots {

    private DistinctRoots() {}

    /**
     * Compares the real paths of the roots that exist.
     *
     * @throws UnsafeRootException when one is, or is in, another one
     */
    static void require(List<CacheRoot> all) throws IOException {
        List<CacheRoot> roots =
                all.stream().filter(root -> Files.exists(root.path())).toList();
        for (CacheRoot inner : roots) {
            for (CacheRoot outer : roots) {
                if (!inner.equals(outer)) {
                    requireApart(inner, outer);
                }
            }
        }
    }

    private static void requireApart(CacheRoot inner, CacheRoot outer) throws IOException {
        Path real = inner.path().toRealPath();
        Path end = outer.path().toRealPath();
        for (Path above = real; above != null; above = above.getParent()) {
            if (above.equals(end) || Files.isSameFile(above, end)) {
                String relation = above.equals(real) ? "is the same folder as" : "is in";
                throw new UnsafeRootException(
                        "nothing is deleted: the " + inner.name() + " cache (" + inner.path() + ") "
                                + relation + " the " + outer.name() + " cache (" + outer.path()
                                + "), so cleaning one would empty the other; give each a folder of its own, or remove the link"
                                + " between them");
            }
        }
    }
}
