package io.github.modelcache.config;

import java.nio.file.Path;

/**
 * A folder that holds one cache and nothing else.
 *
 * @param name {@code torch}, {@code huggingface}, {@code mlx}, {@code whisper}, {@code models}, or an application
 *     cache's name
 * @param path absolute
 */
public record CacheRoot(String name, Kind kind, Path path) {
    /** What a root holds. */
    public enum Kind {
        /** Models, which a build can fetch again. */
        MODEL,
        /** What the project's programs put there. */
        APPLICATION
    }
}
