package io.github.modelcache.it.maven;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one scenario: a home of its own, and a project. It lies in the temporary folder and not below
 * {@code target}, because Maven looks for {@code .mvn} upwards and would find that of this project. A scenario that
 * fails leaves it behind for whoever looks into the failure.
 *
 * @param root the folder that holds it all
 */
public record Workspace(Path root) {

    static Workspace create() {
        try {
            return of(Files.createTempDirectory("model-cache-it-").toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A second user with a project of their own; it goes with this workspace. */
    public Workspace second() {
        try {
            return of(Files.createDirectory(root.resolve("second")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Workspace of(Path root) throws IOException {
        Files.createDirectories(root.resolve("home"));
        Files.createDirectories(root.resolve("project"));
        return new Workspace(root);
    }

    /** The home folder of the user who runs the builds. */
    public Path home() {
        return root.resolve("home");
    }

    /** The project that builds run in unless they say otherwise. */
    public Path project() {
        return root.resolve("project");
    }

    /** A file of the project. */
    public Path file(String name) {
        return project().resolve(name);
    }

    /** Writes a file of the project. */
    public Workspace write(String name, String text) {
        return write(file(name), text);
    }

    /** Writes a file and the folders above it. */
    public Workspace write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text, StandardCharsets.UTF_8);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of a file of the project. */
    public String read(String name) {
        try {
            return Files.readString(file(name), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs git in the project, without what the machine configures for it. */
    public void git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(project().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("HOME", home().toString());
        int exit = builder.start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException(command + " ended with " + exit);
        }
    }

    /** The one file of that name below a folder of the project. */
    public Path find(String folder, String name) {
        List<Path> found = findAll(folder, name);
        if (found.size() != 1) {
            throw new AssertionError("Expected one file " + name + " below " + folder + ", found " + found);
        }
        return found.get(0);
    }

    /** Each file of that name below a folder of the project. */
    public List<Path> findAll(String folder, String name) {
        if (!Files.isDirectory(file(folder))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(file(folder))) {
            return files.filter(path -> path.getFileName().toString().equals(name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What lies below the project now, except in {@code target}. */
    public Fingerprint fingerprint() {
        return Fingerprint.of(project(), path -> path.getFileName().toString().equals("target"));
    }

    void delete() throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
