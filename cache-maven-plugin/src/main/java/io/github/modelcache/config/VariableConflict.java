package io.github.modelcache.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A variable that was set outside of the build and differs from the config.
 *
 * @param file the file that sets it; empty for the inherited environment
 * @param expected the value of the config; empty if it should not be set
 * @param secret whether the values must not be shown
 */
public record VariableConflict(
        String name, Optional<Path> file, Optional<String> expected, String actual, boolean secret) {}
