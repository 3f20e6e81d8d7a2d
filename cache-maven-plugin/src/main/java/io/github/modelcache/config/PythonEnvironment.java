package io.github.modelcache.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A virtual environment of the project. Paths are absolute.
 *
 * @param stages the pipeline stages that run in it
 * @param enabled whether this machine uses it
 * @param requirements its requirements file
 */
public record PythonEnvironment(
        String name,
        Path path,
        Optional<String> purpose,
        List<String> stages,
        boolean enabled,
        Optional<Path> requirements) {
    /** Copies the list. */
    public PythonEnvironment {
        stages = List.copyOf(stages);
    }
}
