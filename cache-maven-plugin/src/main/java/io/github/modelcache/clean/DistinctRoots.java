package io.github.modelcache.clean;

import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.files.deletion.UnsafeRootException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Refuses roots that lie in each other on the disk. The config has compared their names; a link, a mount or a folded
 * letter case can make one folder of two names, and then the rules of one cache would empty the other.
 */
final class DistinctRoots {

    private DistinctRoots() {}

    /**
     * Compares where roots really lie; what does not exist holds nothing that could go.
     *
     * @throws UnsafeRootException when one is another one, or lies in it; the message names both and says what to do
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
                String relation = above.equals(real) ? "is on the disk the same folder as" : "lies on the disk in";
                throw new UnsafeRootException(
                        "nothing is deleted: the " + inner.name() + " cache (" + inner.path() + ") "
                                + relation + " the " + outer.name() + " cache (" + outer.path()
                                + "), so cleaning one would empty the other; give each a folder of its own, or remove the link"
                                + " between them");
            }
        }
    }
}
