package io.github.modelcache.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the links in a cache must say from its new place. Relative ones within the cache, and those that lead out of it by
 * an absolute path, hold there too; so do those by way of the base folder, which always leads to the cache.
 *
 * @param from where the cache really lies
 * @param to where it will lie
 * @param base the folder that the config names
 */
record MovedLinks(Path from, Path to, Path base) {

    /** The text for a link of the old place. */
    Path text(Path link) throws IOException {
        Path text = Files.readSymbolicLink(link);
        return inside(text).map(to::resolve).orElse(text);
    }

    /** Where in the cache an absolute link leads to, if it would not lead there any more. */
    private Optional<Path> inside(Path text) {
        if (!text.isAbsolute()) {
            return Optional.empty();
        }
        Path lexical = text.normalize();
        if (lexical.startsWith(base)) {
            return Optional.empty();
        }
        if (lexical.startsWith(from)) {
            return Optional.of(from.relativize(lexical));
        }
        return aliased(lexical);
    }

    /** The same by another name of the folder: over a link elsewhere, say. */
    private Optional<Path> aliased(Path lexical) {
        Path folder = lexical.getParent();
        if (folder == null) {
            return Optional.empty();
        }
        try {
            Path real = folder.toRealPath().resolve(lexical.getFileName());
            return real.startsWith(from) ? Optional.of(from.relativize(real)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // it leads nowhere, and may go on doing so
        }
    }

    /** Whether a link leaves the cache by a relative path, and so would lead elsewhere from another place. */
    static boolean isHomeless(Path cache, Path link) throws IOException {
        Path text = Files.readSymbolicLink(link);
        if (text.isAbsolute()) {
            return false;
        }
        int depth = cache.relativize(link).getNameCount() - 1;
        for (Path segment : text) {
            switch (segment.toString()) {
                case ".." -> depth--;
                case ".", "" -> {} // stays where it is
                default -> depth++;
            }
            if (depth < 0) {
                return true;
            }
        }
        return false;
    }
}
