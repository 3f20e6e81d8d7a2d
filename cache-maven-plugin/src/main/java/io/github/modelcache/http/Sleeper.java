package io.github.modelcache.http;

import java.time.Duration;

/** Waits between two attempts; a test's own implementation only notes for how long. */
@FunctionalInterface
public interface Sleeper {
    /** Really waits. */
    Sleeper SYSTEM = duration -> Thread.sleep(duration.toMillis());

    /**
     * Waits.
     *
     * @param duration zero or more
     * @throws InterruptedException if the thread is told to stop
     */
    void pause(Duration duration) throws InterruptedException;
}
