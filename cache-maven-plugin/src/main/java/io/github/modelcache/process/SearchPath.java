package io.github.modelcache.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The absolute folders in which programs are searched, in order. */
public record SearchPath(List<Path> folders) {

    private static final String NAME = "PATH";
    private static final List<String> ENDINGS = List.of("", ".exe", ".cmd", ".bat");

    /** Copies the list. */
    public SearchPath {
        folders = List.copyOf(folders);
    }

    /** The absolute folders of a {@code PATH}; relative ones would depend on the current folder. */
    public static SearchPath of(String path) {
        List<Path> folders = new ArrayList<>();
        for (String element : path.split(File.pathSeparator, -1)) {
            absolute(element).ifPresent(folders::add);
        }
        return new SearchPath(folders);
    }

    /** The folders of the {@code PATH} of an environment. */
    public static SearchPath of(Map<String, String> environment) {
        return of(environment.getOrDefault(variable(environment), ""));
    }

    /** The name of {@code PATH} in an environment; Windows writes {@code Path}. */
    public static String variable(Map<String, String> environment) {
        return environment.keySet().stream()
                .filter(name -> name.equalsIgnoreCase(NAME))
                .findFirst()
                .orElse(NAME);
    }

    private static Optional<Path> absolute(String element) {
        try {
            return Optional.of(Path.of(element)).filter(Path::isAbsolute);
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    /** The program of this name; on Windows it may end in {@code .exe}, {@code .cmd} or {@code .bat}. */
    public Optional<Path> find(String name) {
        List<String> endings = File.separatorChar == '\\' ? ENDINGS : ENDINGS.subList(0, 1);
        return folders.stream()
                .flatMap(folder -> endings.stream().flatMap(ending -> inside(folder, name + ending)))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static Stream<Path> inside(Path folder, String name) {
        try {
            return Stream.of(folder.resolve(name));
        } catch (InvalidPathException notAName) {
            return Stream.empty();
        }
    }
}
