package io.github.modelcache.io;

import java.time.Duration;

/** Waits between two attempts; a test's own implementation only notes for how long. */
@FunctionalInterface
public interface Pause {
    /** Really waits. */
    Pause SYSTEM = duration -> Thread.sleep(duration.toMillis());

    /**
     * Waits.
     *
     * @param duration zero or more
     * @throws InterruptedException if the thread is told to stop
     */
    void pause(Duration duration) throws InterruptedException;
}
