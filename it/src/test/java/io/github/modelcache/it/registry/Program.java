package io.github.modelcache.it.registry;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A program that can be run.
 *
 * @param file the program
 * @param libraries folders of libraries that are not installed; may be empty
 */
public record Program(Path file, List<Path> libraries) {

    /** A command that is ready to start; output and errors come in one stream. */
    public ProcessBuilder command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (!libraries.isEmpty()) {
            String folders = libraries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
            builder.environment().put("LD_LIBRARY_PATH", folders);
        }
        return builder;
    }
}
