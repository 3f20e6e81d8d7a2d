package io.github.modelcache.digest;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/**
 * Hashes several files at once. What waits in the queue is a path, never content: memory is one small buffer a thread.
 */
public final class HashPool implements AutoCloseable {
    private final ExecutorService threads;
    private final LongConsumer read;

    /**
     * Starts no thread before the first file comes.
     *
     * @param threads how many files are read at a time, 1 or more
     * @throws IllegalArgumentException if {@code threads} is less than 1
     */
    public HashPool(int threads) {
        this(threads, bytes -> {});
    }

    /** The same; {@code read} hears of each piece that was read, in the thread that reads. */
    public HashPool(int threads, LongConsumer read) {
        this.read = read;
        this.threads = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "model-cache-hash");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Queues a file. The future fails with the {@link java.io.IOException} that {@link Hashing#digest} threw.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the pool is closed
     */
    public Future<Digest> submit(Path file, DigestAlgorithm algorithm) {
        return threads.submit(() -> Hashing.digest(file, algorithm, read));
    }

    /** Stops: the futures of files in the queue are cancelled, those of files being read fail. */
    @Override
    public void close() {
        for (Runnable waiting : threads.shutdownNow()) {
            if (waiting instanceof Future<?> future) {
                future.cancel(false);
            }
        }
    }
}
