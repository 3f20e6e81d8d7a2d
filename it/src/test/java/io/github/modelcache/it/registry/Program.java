package io.github.modelcache.it.registry;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program that can be run.
 *
 * @param file the program
 * @param libraries a folder of libraries that are not installed
 */
public record Program(Path file, Optional<Path> libraries) {

    /** A command that is ready to start; output and errors come in one stream. */
    public ProcessBuilder command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        libraries.ifPresent(folder -> builder.environment().put("LD_LIBRARY_PATH", folder.toString()));
        return builder;
    }
}
