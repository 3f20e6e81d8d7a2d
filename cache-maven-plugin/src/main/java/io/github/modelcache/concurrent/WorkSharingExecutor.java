package io.github.modelcache.concurrent;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shares work on many small files among the cores: whoever needs a result does the work itself, or, when a helper has
 * begun it, whatever else nobody has begun. Used by one thread; helpers start with the first task they get.
 */
public final class WorkSharingExecutor implements AutoCloseable {

    private static final int MOST_THREADS = 8;
    private static final int LONGEST_PIECE_SECONDS = 60;

    private final String name;
    private final int helpers;
    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    private @Nullable ExecutorService executor;

    /**
     * A crew for work that the cores do, without anyone in it yet.
     *
     * @param name of its threads
     */
    public WorkSharingExecutor(String name) {
        this(name, 1);
    }

    /**
     * A crew for work that waits for the disk more than for the cores.
     *
     * @param name of its threads
     * @param threads how many are at work where there are not as many cores, the caller among them; 8 at most
     */
    public WorkSharingExecutor(String name, int threads) {
        this.name = name;
        this.helpers = Math.min(Math.max(Runtime.getRuntime().availableProcessors(), threads), MOST_THREADS) - 1;
    }

    /** A piece of work. */
    public static final class Task<T> {

        private final FutureTask<T> future;
        private final Queue<Runnable> waiting;

        private Task(Callable<T> work, Queue<Runnable> waiting) {
            this.future = new FutureTask<>(work);
            this.waiting = waiting;
        }

        /**
         * The result; does the work now if nobody has begun it.
         *
         * @throws IOException what the work threw, or if the thread was interrupted
         */
        public T get() throws IOException {
            future.run();
            workMeanwhile();
            try {
                if (Thread.interrupted()) { // which a result that is there already would not notice
                    throw new InterruptedException();
                }
                return future.get();
            } catch (ExecutionException e) {
                throw unwrapped(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                InterruptedIOException interrupted = new InterruptedIOException("interrupted while working on files");
                interrupted.initCause(e);
                throw interrupted;
            }
        }

        /** Else the caller would do nothing but wait for the one piece that it needs next, and it always does. */
        private void workMeanwhile() {
            while (!future.isDone() && !Thread.currentThread().isInterrupted()) {
                Runnable other = waiting.poll();
                if (other == null) {
                    return;
                }
                other.run();
            }
        }

        private static IOException unwrapped(ExecutionException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            return cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
        }
    }

    /** Work that nobody does before its result is asked for. */
    public <T> Task<T> later(Callable<T> work) {
        return new Task<>(work, waiting);
    }

    /** Work that a helper may begin at once; it must be fit to run beside the caller's own. */
    public <T> Task<T> begin(Callable<T> work) {
        Task<T> task = new Task<>(work, waiting);
        if (helpers > 0) {
            helping().execute(task.future);
        }
        return task;
    }

    private ExecutorService helping() {
        ExecutorService helping = executor;
        if (helping == null) {
            helping = new ThreadPoolExecutor(helpers, helpers, 0, TimeUnit.SECONDS, waiting, work -> {
                Thread helper = new Thread(work, name);
                helper.setDaemon(true);
                return helper;
            });
            executor = helping;
        }
        return helping;
    }

    /** Sends the helpers away and waits until they have done what they began; what nobody began is not done. */
    @Override
    public void close() {
        ExecutorService helping = executor;
        if (helping == null) {
            return;
        }
        helping.shutdownNow();
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_PIECE_SECONDS);
        // A drive that stalls ends the wait; the helper ends with it. An interrupt does not: the caller gives locks
        // back.
        while (!helping.isTerminated() && System.nanoTime() - end < 0) {
            try {
                if (helping.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
