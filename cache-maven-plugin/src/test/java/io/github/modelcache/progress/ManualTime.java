package io.github.modelcache.progress;

import java.time.Duration;

/** A clock and a ticker that move when a test says so. */
final class ManualTime implements ProgressDisplay.Ticker {

    private long nanos = 1_000_000_000_000L;
    private long due;
    private Duration period = Duration.ZERO;
    private Runnable look = () -> {};
    private Runnable stopped = () -> {};
    private boolean ticking;

    long nanos() {
        return nanos;
    }

    boolean ticking() {
        return ticking;
    }

    /** Time passes, and everything that is due meanwhile happens. */
    void pass(Duration time) {
        long end = nanos + time.toNanos();
        while (ticking && due <= end) {
            nanos = due;
            due += period.toNanos();
            look.run();
        }
        nanos = end;
    }

    void stopProcess() {
        stopped.run();
    }

    @Override
    public ProgressDisplay.Ticks start(Duration every, Runnable looking, Runnable whenStopped) {
        period = every;
        look = looking;
        stopped = whenStopped;
        due = nanos + period.toNanos();
        ticking = true;
        return () -> ticking = false;
    }
}
