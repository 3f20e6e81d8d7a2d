package io.github.modelcache.clean;

import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.files.deletion.UnsafeRootException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Roots of which none contains another one on the disk, by a link, a mount or names that differ only in case. */
final class DistinctRoots {

    private final Map<CacheRoot, Path> real = new LinkedHashMap<>();

    /** The identity of each folder; empty on systems that do not tell it. */
    private final Map<Path, Optional<Object>> keys = new HashMap<>();

    /**
     * Adds a root unless it does not exist.
     *
     * @throws UnsafeRootException if it contains another one, or is in another one; then it is not added
     */
    void add(CacheRoot root) throws IOException {
        if (!Files.exists(root.path())) {
            return;
        }
        Path folder = root.path().toRealPath();
        for (Map.Entry<CacheRoot, Path> other : real.entrySet()) {
            requireApart(root, folder, other.getKey(), other.getValue());
            requireApart(other.getKey(), other.getValue(), root, folder);
        }
        real.put(root, folder);
    }

    private void requireApart(CacheRoot inner, Path folder, CacheRoot outer, Path end) throws IOException {
        for (Path above = folder; above != null; above = above.getParent()) {
            if (isSame(above, end)) {
                String relation = above.equals(folder) ? "is the same folder as" : "is in";
                throw new UnsafeRootException(
                        "nothing is deleted: the " + inner.name() + " cache (" + inner.path() + ") "
                                + relation + " the " + outer.name() + " cache (" + outer.path()
                                + "), so cleaning one would empty the other; give each a folder of its own, or remove the link"
                                + " between them");
            }
        }
    }

    private boolean isSame(Path one, Path other) throws IOException {
        Optional<Object> key = key(one);
        return one.equals(other) || (key.isPresent() ? key.equals(key(other)) : Files.isSameFile(one, other));
    }

    private Optional<Object> key(Path folder) throws IOException {
        Optional<Object> known = keys.get(folder);
        if (known == null) {
            known = Optional.ofNullable(
                    Files.readAttributes(folder, BasicFileAttributes.class).fileKey());
            keys.put(folder, known);
        }
        return known;
    }
}
