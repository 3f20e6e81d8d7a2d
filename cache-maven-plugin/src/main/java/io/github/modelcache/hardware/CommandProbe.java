package io.github.modelcache.hardware;

import io.github.modelcache.process.ProcessTree;
import io.github.modelcache.process.SearchPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a short command and returns its standard output. Empty if the command is missing, fails, prints too much, or takes
 * too long, in which case it is killed with its descendants.
 */
record CommandProbe(SearchPath searchPath, Duration limit) implements Probe<List<String>> {
    /** A healthy {@code nvidia-smi} needs less than a second. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    /** One line for each GPU. */
    static final int MAX_BYTES = 64 * 1024;

    /** A probe that looks for commands in the folders of a {@code PATH}. */
    static CommandProbe on(SearchPath path) {
        return new CommandProbe(path, LIMIT);
    }

    @Override
    public Optional<String> ask(List<String> command) {
        return searchPath.find(command.get(0)).flatMap(program -> run(program, command.subList(1, command.size())));
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
                ProcessTree.kill(process);
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

    /** Reads in a daemon thread, because a read from a pipe has no time limit. */
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
}
