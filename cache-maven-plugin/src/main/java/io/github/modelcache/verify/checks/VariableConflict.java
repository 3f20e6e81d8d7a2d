package io.github.modelcache.verify.checks;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A variable that was set outside of the build and says otherwise than the config.
 *
 * @param name the variable
 * @param file where it is set; empty for the environment that the build inherited
 * @param expected what the config says; empty where it should not be set at all
 * @param actual what it says instead
 * @param secret whether its values must not be shown
 */
public record VariableConflict(
        String name, Optional<Path> file, Optional<String> expected, String actual, boolean secret) {}
