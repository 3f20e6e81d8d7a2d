package io.github.modelcache.python;

import io.github.modelcache.process.SearchPath;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A command with the environment that it runs in.
 *
 * @param command the program's absolute path and its arguments
 * @param variables the whole environment of the process
 */
public record StageCommand(List<String> command, Map<String, String> variables) {

    private static final boolean WINDOWS = File.separatorChar == '\\';
    private static final Set<String> PYTHON = Set.of("python", "python3");

    /** Copies list and map. */
    public StageCommand {
        command = List.copyOf(command);
        variables = Map.copyOf(variables);
    }

    /** Splits a command line into words. */
    public static List<String> words(String line) throws EnvironmentException {
        return CommandWords.of(line, WINDOWS);
    }

    /**
     * The command to start. A leading {@code python} is the environment's interpreter, which also runs a leading script;
     * other programs are searched in the environment, then on the {@code PATH}.
     *
     * @param words program and arguments
     * @param directory the working directory
     * @throws EnvironmentException if the program is missing
     */
    public static StageCommand of(
            Optional<VirtualEnvironment> environment, List<String> words, Path directory, Map<String, String> variables)
            throws EnvironmentException {
        if (words.isEmpty() || words.get(0).isBlank()) {
            throw new EnvironmentException("There is no command to run; set it with"
                    + " -Dcache.exec.command=\"python stage.py\", or in the POM with <command><arg>…");
        }
        Map<String, String> all = activated(environment, variables);
        String first = words.get(0);
        List<String> command = new ArrayList<>();
        boolean script = first.endsWith(".py");
        if (script || PYTHON.contains(first)) {
            command.add(interpreter(environment, all));
        } else {
            command.add(program(first, directory, all));
        }
        if (script) {
            command.add(existing(first, directory).toString());
        }
        command.addAll(words.subList(1, words.size()));
        return new StageCommand(command, all);
    }

    /** Sets the variables that {@code bin/activate} sets. */
    private static Map<String, String> activated(
            Optional<VirtualEnvironment> environment, Map<String, String> variables) {
        Map<String, String> all = new TreeMap<>(variables);
        if (environment.isPresent()) {
            all.put("VIRTUAL_ENV", environment.get().entry().path().toString());
            all.remove("PYTHONHOME"); // would redirect the interpreter
            String name = SearchPath.variable(all);
            String path = all.getOrDefault(name, "");
            String programs = environment.get().programs().toString();
            all.put(name, path.isEmpty() ? programs : programs + File.pathSeparator + path);
        }
        all.putIfAbsent("PYTHONUNBUFFERED", "1"); // otherwise a pipe gets output in blocks
        return all;
    }

    private static String interpreter(Optional<VirtualEnvironment> environment, Map<String, String> variables)
            throws EnvironmentException {
        if (environment.isPresent()) {
            return environment.get().interpreter().toString();
        }
        SearchPath path = SearchPath.of(variables);
        return path.find("python3")
                .or(() -> path.find("python"))
                .map(Path::toString)
                .orElseThrow(() -> new EnvironmentException("There is no python3 or python on the PATH; install Python,"
                        + " or name an environment with cache.exec.environment or cache.exec.stage"));
    }

    private static String program(String name, Path directory, Map<String, String> variables)
            throws EnvironmentException {
        if (name.contains("/") || name.contains(File.separator)) {
            return existing(name, directory).toString();
        }
        return SearchPath.of(variables)
                .find(name)
                .map(Path::toString)
                .orElseThrow(() -> new EnvironmentException("There is no program '" + name
                        + "', neither in the environment nor on the PATH; install it, or" + " write its path"));
    }

    private static Path existing(String name, Path directory) throws EnvironmentException {
        Path file;
        try {
            file = directory.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new EnvironmentException("'" + name + "' is not a file name");
        }
        if (!Files.exists(file)) {
            throw new EnvironmentException(
                    "There is no file " + file + " to run; relative paths start at the project's" + " root folder");
        }
        if (Files.isDirectory(file)) {
            throw new EnvironmentException(file + " is a folder, not a program; name the program");
        }
        return file;
    }
}
