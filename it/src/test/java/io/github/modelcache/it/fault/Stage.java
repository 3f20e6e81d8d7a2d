package io.github.modelcache.it.fault;

import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The folders that builds of one scene after the other work in, always at the same place, so that absolute paths stay.
 * They can be put back into the state that they were kept in.
 */
final class Stage implements AutoCloseable {

    private static final int SECONDS = 600;
    /** A file system of its own where there is one, because moving within one is a different thing. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Workspace workspace;
    private final MavenBuild maven;
    private final Origin origin;
    private final Path far;
    private final Path kept;

    private Stage(Workspace workspace, MavenBuild maven, Origin origin, Path far, Path kept) {
        this.workspace = workspace;
        this.maven = maven;
        this.origin = origin;
        this.far = far;
        this.kept = kept;
    }

    static Stage open(MavenBuild maven, Origin origin, Path parent, String name) throws IOException {
        Path root = Files.createDirectories(parent.resolve(name));
        Files.createDirectories(root.resolve("home"));
        Files.createDirectories(root.resolve("project"));
        Workspace workspace = new Workspace(root);
        Path far = Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "model-cache-faults-")
                : Files.createDirectories(parent.resolve(name + "-far"));
        return new Stage(workspace, maven.in(workspace), origin, far, parent.resolve(name + "-kept"));
    }

    Workspace workspace() {
        return workspace;
    }

    Origin origin() {
        return origin;
    }

    /** A folder on another disk, if this machine has one. */
    Path far() {
        return far;
    }

    /** A build of the project with everything that it needs to find the models. */
    MavenBuild build(String... goals) {
        return maven.cache(goals)
                .property("cache.endpoint", origin.hub().endpoint().toString())
                .property("cache.hardware", "keep");
    }

    /** All folders by name. */
    Map<String, Path> folders() {
        Map<String, Path> folders = new LinkedHashMap<>();
        folders.put("project", workspace.project());
        folders.put("home", workspace.home());
        folders.put("near", workspace.root().resolve("near"));
        folders.put("far", far);
        folders.put("nas", workspace.root().resolve("nas"));
        folders.put("sibling", workspace.root().resolve("sibling"));
        return folders;
    }

    /** The folders whose disk is faulty: all but what Maven itself keeps. */
    List<Path> watched() {
        List<Path> watched = new ArrayList<>();
        folders().forEach((name, folder) -> watched.add(name.equals("home") ? folder.resolve(".cache") : folder));
        return watched;
    }

    State state() {
        return State.of(
                folders(),
                text -> text.replace(workspace.root().toString(), "ROOT")
                        .replace(far.toString(), "FAR")
                        .replaceAll("\"created_at\": \"[^\"]*\"", "\"created_at\": \"NOW\""));
    }

    /** What lies in the folders that a scene must not touch, to the last time stamp. */
    SortedMap<String, Fingerprint> outside(List<String> touched) {
        SortedMap<String, Fingerprint> outside = new TreeMap<>();
        folders().forEach((name, folder) -> {
            if (!touched.contains(name) && Files.isDirectory(folder)) {
                outside.put(name, Fingerprint.of(folder, path -> path.endsWith(".m2") || path.endsWith(".java")));
            }
        });
        return outside;
    }

    /** Makes everything empty. */
    void clear() throws IOException, InterruptedException {
        for (Path folder : folders().values()) {
            delete(folder);
        }
        Files.createDirectories(workspace.project());
        Files.createDirectories(workspace.home());
        Files.createDirectories(far);
        workspace.write(workspace.root().resolve("sibling/mine.txt"), "mine");
        workspace.write(workspace.home().resolve("mine.txt"), "mine too");
        Path log = log();
        Files.deleteIfExists(log);
    }

    /** Where a faulty disk writes down what it did. */
    Path log() {
        return workspace.root().resolve("changes.log");
    }

    /** Keeps the state under a name. */
    void keep(String name) throws IOException, InterruptedException {
        Path to = kept.resolve(name);
        delete(to);
        Files.createDirectories(to);
        for (Map.Entry<String, Path> folder : folders().entrySet()) {
            if (Files.exists(folder.getValue())) {
                run(
                        "cp",
                        "-a",
                        folder.getValue().toString(),
                        to.resolve(folder.getKey()).toString());
            }
        }
    }

    /** Puts back what was kept under that name. */
    void restore(String name) throws IOException, InterruptedException {
        clear();
        Path from = kept.resolve(name);
        for (Map.Entry<String, Path> folder : folders().entrySet()) {
            delete(folder.getValue());
            if (Files.exists(from.resolve(folder.getKey()))) {
                run(
                        "cp",
                        "-a",
                        from.resolve(folder.getKey()).toString(),
                        folder.getValue().toString());
            }
        }
    }

    boolean isKept(String name) {
        return Files.isDirectory(kept.resolve(name));
    }

    private static void delete(Path folder) throws IOException, InterruptedException {
        if (Files.exists(folder)) {
            run("rm", "-rf", folder.toString());
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    /** Sets the time of everything in the project and its caches. */
    void setTimes(FileTime time) throws IOException {
        for (String name : List.of("project", "near", "far", "nas")) {
            Path folder = folders().get(name);
            if (folder != null && Files.isDirectory(folder)) {
                try (Stream<Path> paths = Files.walk(folder)) {
                    for (Path path :
                            paths.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                        Files.setLastModifiedTime(path, time);
                    }
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            delete(far);
            delete(kept);
            delete(workspace.root());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
