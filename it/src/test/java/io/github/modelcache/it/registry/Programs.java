package io.github.modelcache.it.registry;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.it.maven.BuildSettings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Programs of other projects. Each is looked for in the folder that {@code -Dit.programs=DIR} names, on the path and below
 * {@code it/target/programs}; where it is not, it is brought there: packages of Debian by {@code apt-get}, which are
 * unpacked and not installed, and modules of Go by {@code go install}.
 */
public final class Programs {

    /** The registry of the CNCF's distribution project. */
    public static final String REGISTRY = "docker-registry";

    /** Copies images between registries. */
    public static final String SKOPEO = "skopeo";

    /** Pushes and pulls any files. */
    public static final String ORAS = "oras";

    /** Another registry; neither Debian nor the Go proxy has it. */
    public static final String ZOT = "zot";

    /** ModelPack's own client; neither Debian nor the Go proxy has it. */
    public static final String MODCTL = "modctl";

    private static final List<String> OF_DEBIAN = List.of(REGISTRY, SKOPEO);
    private static final Map<String, String> OF_GO = Map.of(ORAS, "oras.land/oras/cmd/oras@v1.3.6");
    /** How those that were brought are asked for their version; the others take {@code --version}. */
    private static final Map<String, String> VERSION = Map.of(ORAS, "version");

    private static final long PATIENCE_MINUTES = 20;

    private final Path made;
    private final Map<String, Optional<Program>> found = new ConcurrentHashMap<>();

    Programs(Path made) {
        this.made = made;
    }

    /** The programs of this machine, and those that can be brought. */
    public static Programs ofThisMachine() {
        return new Programs(BuildSettings.target().resolve("programs"));
    }

    /** A program, or the test is skipped. */
    public Program require(String name) {
        Optional<Program> program = find(name);
        assumeTrue(
                program.isPresent(),
                name + " is not on the path, -Dit.programs names no folder that has it, and it could not be brought;"
                        + " see it/target/programs/" + name + ".log");
        return program.orElseThrow();
    }

    /** A program, if it can be had; brought once, while others who want it wait. */
    public Optional<Program> find(String name) {
        return found.computeIfAbsent(name, this::search);
    }

    private Optional<Program> search(String name) {
        String given = System.getProperty("it.programs", "");
        Stream<Path> folders = Stream.concat(
                given.isBlank() ? Stream.of() : Stream.of(Path.of(given)),
                Pattern.compile(Pattern.quote(File.pathSeparator))
                        .splitAsStream(String.valueOf(System.getenv("PATH")))
                        .filter(folder -> !folder.isEmpty())
                        .map(Path::of));
        Optional<Program> there =
                folders.flatMap(folder -> in(folder, name).stream()).findFirst();
        try {
            return there.isPresent() ? there : bring(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A program of a folder, or of Debian's package that was unpacked below it. */
    private static Optional<Program> in(Path folder, String name) {
        Path file = folder.resolve(name);
        if (Files.isRegularFile(file) && Files.isExecutable(file)) {
            return Optional.of(new Program(file, List.of()));
        }
        Path unpacked = file.resolve("usr/bin").resolve(name);
        return Files.isExecutable(unpacked) ? Optional.of(new Program(unpacked, libraries(file))) : Optional.empty();
    }

    /** Where libraries lie has the machine's name in it. */
    private static List<Path> libraries(Path unpacked) {
        List<Path> found = new ArrayList<>();
        for (String place : List.of("usr/lib", "lib")) {
            Path all = unpacked.resolve(place);
            if (!Files.isDirectory(all)) {
                continue;
            }
            try (Stream<Path> folders = Files.list(all)) {
                folders.filter(folder -> folder.getFileName().toString().contains("-linux-"))
                        .forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    /** One at a time: apt-get gives up where another one reads Debian's lists. */
    private synchronized Optional<Program> bring(String name) throws IOException {
        Optional<Program> before = running(name);
        if (before.isPresent()) {
            return before;
        }
        Files.createDirectories(made);
        if (OF_DEBIAN.contains(name)) {
            unpack(name);
        } else if (OF_GO.containsKey(name)) {
            ProcessBuilder go = new ProcessBuilder("go", "install", OF_GO.get(name));
            go.environment().put("GOBIN", made.toString());
            run(name, go);
        }
        return running(name);
    }

    /** A program that was brought; one that does not start, for want of a library say, is as good as none. */
    private Optional<Program> running(String name) throws IOException {
        Optional<Program> there = in(made, name);
        return there.isPresent() && run(name, there.get().command(List.of(VERSION.getOrDefault(name, "--version"))))
                ? there
                : Optional.empty();
    }

    /** Fetches what {@code apt-get install} would, and unpacks it beside its place, which it gets when it is whole. */
    private void unpack(String name) throws IOException {
        Path fetched = Files.createTempDirectory(made, name + "-");
        boolean there =
                fetch(name, fetched) || (run(name, new ProcessBuilder("apt-get", "update")) && fetch(name, fetched));
        Path root = Files.createDirectory(fetched.resolve("root"));
        if (!there) {
            return;
        }
        try (Stream<Path> packages = Files.list(fetched)) {
            for (Path file :
                    packages.filter(file -> file.toString().endsWith(".deb")).toList()) {
                if (!run(name, new ProcessBuilder("dpkg", "-x", file.toString(), root.toString()))) {
                    return;
                }
            }
        }
        if (Files.notExists(made.resolve(name))) {
            Files.move(root, made.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private boolean fetch(String name, Path folder) throws IOException {
        return run(
                name,
                new ProcessBuilder(
                        "apt-get",
                        "install",
                        "-y",
                        "--no-install-recommends",
                        "--download-only",
                        "-o",
                        "Dir::Cache::archives=" + folder,
                        "-o",
                        "Debug::NoLocking=1",
                        name));
    }

    private boolean run(String name, ProcessBuilder command) throws IOException {
        File log = made.resolve(name + ".log").toFile();
        command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        try {
            Process process = command.start();
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (IOException noSuchProgram) {
            Files.writeString(
                    log.toPath(),
                    noSuchProgram.getMessage() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            return false;
        }
    }
}
