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

/**
 * Runs a command as a part of this process: its output goes where ours goes, our input is its input, and it ends when we
 * are ended.
 */
public final class ChildProcess {

    /** How long processes may take to end after they were asked to. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How long output is waited for that a process left behind by the command may still write. */
    private static final Duration LAST_OUTPUT = Duration.ofMillis(500);

    private final OutputStream out;
    private final OutputStream err;

    /** Children whose standard output and error output go to these streams, which stay open. */
    public ChildProcess(OutputStream out, OutputStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Runs a command and waits for its end.
     *
     * @param limit after which it is stopped, with all processes that it started
     * @return its exit code
     * @throws EnvironmentException when the time is up
     * @throws IOException when it can't be started
     */
    public int run(StageCommand command, Path directory, Optional<Duration> limit)
            throws EnvironmentException, IOException {
        ProcessBuilder builder = new ProcessBuilder(command.command())
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().putAll(command.variables());
        try (EndWithUs end = new EndWithUs()) {
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

    /** Ends a child when this process is ended, at whatever moment that is: before the child was started, too. */
    private static final class EndWithUs implements AutoCloseable {

        private final Thread hook = new Thread(this::stop, "stop-child");
        private boolean stopped;
        private @Nullable Process child;

        EndWithUs() throws IOException {
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

        /** Waits for a child that is just being started, and ends it. */
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
                // Then the hook is what ends the child.
            }
        }
    }
}
