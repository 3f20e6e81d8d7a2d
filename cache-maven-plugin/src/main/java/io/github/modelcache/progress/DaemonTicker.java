package io.github.modelcache.progress;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Ticks in a daemon thread, and hears when the process is stopped, by Ctrl-C for example. */
public final class DaemonTicker implements ProgressDisplay.Ticker {

    @Override
    public ProgressDisplay.Ticks start(Duration period, Runnable look, Runnable stopped) {
        Thread hook = new Thread(stopped, "model-cache-stopped");
        boolean heard = add(hook);
        ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "model-cache-progress");
            thread.setDaemon(true);
            return thread;
        });
        Future<?> looking = ticks.scheduleAtFixedRate(look, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
        return () -> {
            looking.cancel(false);
            ticks.shutdownNow();
            if (heard) {
                remove(hook);
            }
        };
    }

    private static boolean add(Thread hook) {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            return true;
        } catch (IllegalStateException shuttingDown) {
            return false;
        }
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            return; // the hook says what was under way
        }
    }
}
