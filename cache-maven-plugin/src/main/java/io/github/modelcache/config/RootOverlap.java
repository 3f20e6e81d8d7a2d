package io.github.modelcache.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Two cache roots that are the same folder, or of which one contains the other.
 *
 * @param first the smaller index of the two roots
 */
record RootOverlap(int first, int second, String message) {
    static Optional<RootOverlap> find(Path projectRoot, List<CacheRoot> roots) {
        for (int second = 1; second < roots.size(); second++) {
            for (int first = 0; first < second; first++) {
                Optional<String> relation = relation(projectRoot, roots.get(first), roots.get(second));
                if (relation.isPresent()) {
                    return Optional.of(new RootOverlap(first, second, relation.get()));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> relation(Path projectRoot, CacheRoot a, CacheRoot b) {
        if (a.path().equals(b.path())) {
            return Optional.of(text(projectRoot, b, "is the same folder as", a));
        }
        if (b.path().startsWith(a.path())) {
            return Optional.of(text(projectRoot, b, "is in", a));
        }
        return a.path().startsWith(b.path()) ? Optional.of(text(projectRoot, a, "is in", b)) : Optional.empty();
    }

    private static String text(Path projectRoot, CacheRoot inner, String relation, CacheRoot outer) {
        return "the " + inner.name() + " cache (" + ConfigPaths.display(projectRoot, inner.path()) + ") " + relation
                + " the " + outer.name() + " cache (" + ConfigPaths.display(projectRoot, outer.path())
                + "); expected separate folders";
    }
}
