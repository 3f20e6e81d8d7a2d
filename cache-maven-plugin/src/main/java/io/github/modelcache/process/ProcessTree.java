package io.github.modelcache.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process with those that it started, and those that these started. */
public final class ProcessTree {

    private ProcessTree() {}

    /** Ends all of them at once. */
    public static void kill(Process process) {
        kill(all(process));
    }

    /**
     * Asks all of them to end, and ends those that have not after a while.
     *
     * @param patience how long they may take
     */
    public static void stop(Process process, Duration patience) {
        List<ProcessHandle> all = all(process);
        all.forEach(ProcessHandle::destroy);
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            for (ProcessHandle handle : all) {
                handle.onExit().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException | ExecutionException stillThere) {
            kill(all);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill(all);
        }
    }

    /**
     * From the top down, each with what it has started by now: one that is still there may start others in place of
     * those that are gone.
     */
    private static void kill(List<ProcessHandle> all) {
        for (int i = all.size() - 1; i >= 0; i--) {
            ProcessHandle handle = all.get(i);
            if (handle.isAlive()) {
                List<ProcessHandle> below = handle.descendants().toList();
                handle.destroyForcibly();
                below.forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    /** The children first: once their parent is gone they can no longer be found. */
    private static List<ProcessHandle> all(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        return all;
    }
}
