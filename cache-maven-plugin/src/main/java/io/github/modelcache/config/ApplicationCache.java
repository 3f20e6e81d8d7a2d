package io.github.modelcache.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A cache that the project's own programs fill, such as answers of a metadata server.
 *
 * @param name such as {@code tmdb}
 * @param path absolute
 * @param expiry how old an entry may become; whole days
 */
public record ApplicationCache(String name, Path path, Duration expiry) {}
