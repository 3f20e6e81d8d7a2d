package io.github.modelcache.it.fault;

import io.github.modelcache.it.maven.MavenBuild;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A disk that fails at a chosen moment: a small library in C that is loaded into Maven's JVM and stands before the
 * system calls. Needs Linux and a C compiler.
 *
 * @param library the compiled library
 */
record FaultyDisk(Path library) {

    private static final int SECONDS = 600;

    /** An error of the system. */
    enum Trouble {
        /** No space left on device. */
        ENOSPC(28),
        /** Input/output error. */
        EIO(5),
        /** Permission denied. */
        EACCES(13);

        private final int number;

        Trouble(int number) {
            this.number = number;
        }
    }

    /** Compiles the library; empty where that can't be done. */
    static Optional<FaultyDisk> compile(Path folder) throws IOException, InterruptedException {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.empty();
        }
        Path source = folder.resolve("faulty_disk.c");
        Path library = folder.resolve("faulty_disk.so");
        try (InputStream in = Objects.requireNonNull(FaultyDisk.class.getResourceAsStream("/faults/faulty_disk.c"))) {
            Files.createDirectories(folder);
            Files.write(source, in.readAllBytes());
        }
        try {
            Process compiler = new ProcessBuilder(
                            "cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString(), "-ldl")
                    .inheritIO()
                    .start();
            boolean compiled = compiler.waitFor(SECONDS, TimeUnit.SECONDS) && compiler.exitValue() == 0;
            return compiled ? Optional.of(new FaultyDisk(library)) : Optional.empty();
        } catch (IOException noCompiler) {
            return Optional.empty();
        }
    }

    /** Writes each change below the folders to a file. */
    MavenBuild logsChanges(MavenBuild build, Collection<Path> folders, Path log) {
        return watching(build, folders, "changes").env("FAULT_LOG", log.toString());
    }

    /** Writes each opening and reading below the folders to a file. */
    MavenBuild logsReads(MavenBuild build, Collection<Path> folders, Path log) {
        return watching(build, folders, "reads").env("FAULT_LOG", log.toString());
    }

    /** Kills the process at a change, counted from 1: before it, or in the middle of it if it writes. */
    MavenBuild kills(MavenBuild build, Collection<Path> folders, int change) {
        return at(watching(build, folders, "changes"), change).env("FAULT_DOES", "kill");
    }

    /** Lets a change fail. */
    MavenBuild failsChange(MavenBuild build, Collection<Path> folders, int change, Trouble trouble) {
        return at(watching(build, folders, "changes"), change)
                .env("FAULT_DOES", "once")
                .env("FAULT_ERRNO", String.valueOf(trouble.number));
    }

    /** Lets an opening or reading fail. */
    MavenBuild failsRead(MavenBuild build, Collection<Path> folders, int read, Trouble trouble) {
        return at(watching(build, folders, "reads"), read)
                .env("FAULT_DOES", "once")
                .env("FAULT_ERRNO", String.valueOf(trouble.number));
    }

    /** From a change on nothing is written any more that needs room. */
    MavenBuild fillsUp(MavenBuild build, Collection<Path> folders, int change) {
        return at(watching(build, folders, "changes"), change)
                .env("FAULT_DOES", "full")
                .env("FAULT_ERRNO", String.valueOf(Trouble.ENOSPC.number));
    }

    /** Lets the clock of the process jump when it makes a change; the file system keeps the right time. */
    MavenBuild jumps(MavenBuild build, Collection<Path> folders, int change, long seconds) {
        return at(watching(build, folders, "changes"), change).env("FAULT_CLOCK", String.valueOf(seconds));
    }

    private static MavenBuild at(MavenBuild build, int number) {
        return build.env("FAULT_AT", String.valueOf(number));
    }

    private MavenBuild watching(MavenBuild build, Collection<Path> folders, String what) {
        return build.env("LD_PRELOAD", library.toString())
                .env("FAULT_ROOTS", folders.stream().map(Path::toString).collect(Collectors.joining(":")))
                .env("FAULT_COUNTS", what);
    }

    /** What a log says, oldest first. */
    static List<String> read(Path log) throws IOException {
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }
}
