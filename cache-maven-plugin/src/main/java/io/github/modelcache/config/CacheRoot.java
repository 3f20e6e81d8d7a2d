package io.github.modelcache.config;

import java.nio.file.Path;

/**
 * A folder that holds one cache and nothing else.
 *
 * @param name {@code torch}, {@code huggingface}, {@code mlx}, {@code whisper}, {@code models}, the name of a library's
 *     folder in the base folder, or an application cache's name
 * @param path absolute
 * @param optional whether it may be missing: a library creates it when it needs it
 */
public record CacheRoot(String name, Kind kind, Path path, boolean optional) {

    /** A required root. */
    public CacheRoot(String name, Kind kind, Path path) {
        this(name, kind, path, false);
    }

    /** What a root holds. */
    public enum Kind {
        /** Files that a build or a library can fetch again. */
        MODEL,
        /** Files of the project's programs. */
        APPLICATION
    }
}
