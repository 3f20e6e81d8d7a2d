package io.github.modelcache.process;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A process of its own that takes a lock, as another build does, and keeps it until it is closed. */
public final class LockProcess implements Closeable {

    private static final String TAKEN = "taken";

    private final Process process;
    private final boolean taken;

    private LockProcess(Process process, boolean taken) {
        this.process = process;
        this.taken = taken;
    }

    /** Takes the lock of the first argument if it is free, says whether it did, and waits for the end of its input. */
    public static void main(String[] arguments) throws IOException {
        Optional<ProcessLock> lock = ProcessLock.tryAcquire(Path.of(arguments[0]));
        System.out.println(lock.isPresent() ? TAKEN : "busy");
        System.in.transferTo(System.out);
        if (lock.isPresent()) {
            lock.get().close();
        }
    }

    /** Starts one that tries to take a lock; the lock file is made where missing. */
    public static LockProcess start(Path lock) throws IOException {
        if (!Files.exists(lock)) {
            Files.createDirectories(lock.resolveSibling(".").normalize());
            Files.createFile(lock);
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        LockProcess.class.getName(),
                        lock.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        return new LockProcess(process, TAKEN.equals(said.readLine()));
    }

    /** Whether another process could take a lock now. */
    public static boolean isFree(Path lock) {
        try (LockProcess process = start(lock)) {
            return process.taken();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it has the lock. */
    public boolean taken() {
        return taken;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a process ends", e);
        }
    }
}
