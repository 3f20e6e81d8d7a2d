package io.github.modelcache.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process and its descendants. */
public final class ProcessTree {

    private ProcessTree() {}

    /** Kills all of them. */
    public static void kill(Process process) {
        kill(all(process));
    }

    /** Asks all of them to end, and kills those that still run after {@code patience}. */
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

    /** Kills from the top down, each with its current descendants, because a live parent may start new ones. */
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

    /** Children first, because they cannot be found after the end of their parent. */
    private static List<ProcessHandle> all(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        return all;
    }
}
