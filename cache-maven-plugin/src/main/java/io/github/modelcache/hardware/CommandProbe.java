package io.github.modelcache.hardware;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Runs a short command and answers with what it printed to standard output. No answer when the command is not on the
 * search path (then no process is started at all), exits with anything but 0, prints too much, or takes too long (then
 * it is killed together with the processes it started).
 */
final class CommandProbe implements Probe<List<String>> {

    /** A driver that hangs must not hold up a build for long; a healthy {@code nvidia-smi} needs well under a second. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    /** A line a GPU, and no machine has thousands of them. */
    static final int MAX_BYTES = 64 * 1024;

    private final List<Path> searchPath;
    private final Duration limit;

    CommandProbe(List<Path> searchPath, Duration limit) {
        this.searchPath = List.copyOf(searchPath);
        this.limit = limit;
    }

    /**
     * A probe that looks for commands in the folders of a {@code PATH}.
     *
     * @param path folders, separated as the platform separates them; relative ones are left out, because they would run
     *     a program from whatever folder the build happens to be in
     */
    static CommandProbe onPath(String path) {
        List<Path> folders = new ArrayList<>();
        for (String element : path.split(File.pathSeparator, -1)) {
            absolute(element).ifPresent(folders::add);
        }
        return new CommandProbe(folders, LIMIT);
    }

    private static Optional<Path> absolute(String element) {
        try {
            return Optional.of(Path.of(element)).filter(Path::isAbsolute);
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> ask(List<String> command) {
        return find(command.get(0)).flatMap(program -> run(program, command.subList(1, command.size())));
    }

    private Optional<Path> find(String name) {
        return searchPath.stream()
                .flatMap(folder -> Stream.of(folder.resolve(name), folder.resolve(name + ".exe")))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private Optional<String> run(Path program, List<String> arguments) {
        List<String> commandLine = new ArrayList<>();
        commandLine.add(program.toString());
        commandLine.addAll(arguments);
        try {
            Process process = new ProcessBuilder(commandLine)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                process.getOutputStream().close();
                return output(process);
            } finally {
                kill(process);
            }
        } catch (IOException | RuntimeException notRunnable) {
            return Optional.empty();
        }
    }

    private Optional<String> output(Process process) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            byte[] printed = readInBackground(process.getInputStream()).get(limit.toNanos(), TimeUnit.NANOSECONDS);
            boolean ended = printed.length <= MAX_BYTES
                    && process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
                    && process.exitValue() == 0;
            return ended ? Optional.of(new String(printed, StandardCharsets.UTF_8)) : Optional.empty();
        } catch (TimeoutException | ExecutionException noAnswer) {
            return Optional.empty();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** A read from a pipe cannot be given a time limit, so a daemon thread does it and may be left behind. */
    private static CompletableFuture<byte[]> readInBackground(InputStream in) {
        CompletableFuture<byte[]> printed = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try (in) {
                        printed.complete(in.readNBytes(MAX_BYTES + 1));
                    } catch (IOException | RuntimeException broken) {
                        printed.completeExceptionally(broken);
                    }
                },
                "hardware-probe");
        reader.setDaemon(true);
        reader.start();
        return printed;
    }

    /** The children first: once their parent is gone they can no longer be found. */
    private static void kill(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
