package io.github.modelcache.http;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.DoubleSupplier;

/**
 * How many connections large files may use.
 *
 * @param most by one file
 * @param extra permits for all but the first of each file
 * @param segmentBytes how much is asked for at once
 * @param load the processor load since the last call, from 0 to 1; 0 if this process does not need the processors
 */
record ConnectionLimits(int most, Semaphore extra, long segmentBytes, DoubleSupplier load) {
    /** Servers and other clients take more for an attack. */
    private static final int MOST = 16;
    /** Half a second of a fast connection: requests cost little beside that, and little is lost with one. */
    private static final long SEGMENT_BYTES = 16L << 20;
    /** A fifth of all processors: less than the share of a process that competes with three others. */
    private static final double LITTLE = 0.2;

    static ConnectionLimits of(int connections) {
        return new ConnectionLimits(
                Math.min(MOST, connections),
                new Semaphore(connections - 1),
                SEGMENT_BYTES,
                ConnectionLimits::processorLoad);
    }

    /** 0 while this process needs little: other processes then hardly delay its threads. */
    private static double processorLoad() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            double all = system.getCpuLoad();
            return system.getProcessCpuLoad() < LITTLE ? 0 : all;
        }
        return 0;
    }

    /** Whether a file is so large that several connections are worth it. */
    boolean areWorth(long bytes) {
        return most > 1 && bytes >= 2 * segmentBytes;
    }

    /** Threads that never keep Maven from ending. */
    static ExecutorService threads() {
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "model-cache-segment");
            thread.setDaemon(true);
            return thread;
        });
    }
}
