package io.github.modelcache.python;

import io.github.modelcache.process.ProcessTree;
import io.github.modelcache.units.Age;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a command with our input and output, and stops it when this process is stopped. */
public record ChildProcess(OutputStream out, OutputStream err) {
    /** The time for processes to end before they are killed. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The time to wait for output of processes that outlive the command. */
    private static final Duration LAST_OUTPUT = Duration.ofMillis(500);

    /**
     * Runs a command and waits for its end.
     *
     * @param limit after which it and its descendants are stopped
     * @return its exit code
     * @throws EnvironmentException on a timeout
     * @throws IOException if it can't be started
     */
    public int run(StageCommand command, Path directory, Optional<Duration> limit)
            throws EnvironmentException, IOException {
        ProcessBuilder builder = new ProcessBuilder(command.command())
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().putAll(command.variables());
        try (StopWithBuild end = new StopWithBuild()) {
            return result(end.start(builder), limit);
        }
    }

    private int result(Process process, Optional<Duration> limit) throws EnvironmentException, IOException {
        try {
            OutputPump output = OutputPump.start(process.getInputStream(), out);
            OutputPump errors = OutputPump.start(process.getErrorStream(), err);
            await(process, limit);
            output.finish(LAST_OUTPUT);
            errors.finish(LAST_OUTPUT);
            return process.exitValue();
        } catch (InterruptedException e) {
            ProcessTree.stop(process, PATIENCE);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the command ran", e);
        }
    }

    private static Process start(ProcessBuilder builder) throws EnvironmentException, IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            Path program = Path.of(builder.command().get(0));
            if (Files.isRegularFile(program) && !Files.isExecutable(program)) {
                throw new EnvironmentException(
                        program + " can't be executed; make it executable (chmod +x), or name the"
                                + " program that reads it: -Dcache.exec.command=\"sh " + program.getFileName() + "\"");
            }
            throw e;
        }
    }

    private static void await(Process process, Optional<Duration> limit)
            throws InterruptedException, EnvironmentException {
        if (limit.isEmpty()) {
            process.waitFor();
        } else if (!process.waitFor(limit.get().toNanos(), TimeUnit.NANOSECONDS)) {
            ProcessTree.stop(process, PATIENCE);
            throw new EnvironmentException("The command took longer than " + Age.format(limit.get())
                    + " (cache.exec.timeout) and was stopped");
        }
    }

    /** Stops the child when this process is stopped, even if the child has not started yet. */
    private static final class StopWithBuild implements AutoCloseable {

        private final Thread hook = new Thread(this::stop, "stop-child");
        private boolean stopped;
        private @Nullable Process child;

        StopWithBuild() throws IOException {
            try {
                Runtime.getRuntime().addShutdownHook(hook);
            } catch (IllegalStateException shuttingDown) {
                throw beingStopped();
            }
        }

        synchronized Process start(ProcessBuilder command) throws EnvironmentException, IOException {
            if (stopped) {
                throw beingStopped();
            }
            child = ChildProcess.start(command);
            return child;
        }

        /** Waits for a child that is being started, and stops it. */
        private synchronized void stop() {
            stopped = true;
            if (child != null) {
                ProcessTree.stop(child, PATIENCE);
            }
        }

        private static IOException beingStopped() {
            return new IOException("The build is being stopped; the command was not started");
        }

        @Override
        public void close() {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException shuttingDown) {
                // The hook then stops the child.
            }
        }
    }
}
