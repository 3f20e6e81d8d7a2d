package io.github.modelcache.progress;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The sums of one activity. Counting costs one addition; {@link #look} may be called by one thread at a time. */
final class Tally implements Progress.Work {

    /** Long enough to be steady, short enough to follow a connection that slows down. */
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long FIRST_RATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongAdder planned = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private final LongAdder found = new LongAdder();
    private final LongAdder done = new LongAdder();
    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanos, long bytes) {}

    /** Begins to measure the rate. */
    Tally(long nanos) {
        samples.add(new Sample(nanos, 0));
    }

    /**
     * How far the activity is.
     *
     * @param bytes done, at most {@code total} if that is known
     * @param total bytes to be done, or -1 if unknown
     * @param rate bytes in a second; empty in the first second
     */
    record State(long bytes, long total, OptionalLong rate) {

        boolean finished() {
            return total >= 0 && bytes >= total;
        }

        /** Seconds until the end, if that can be told. */
        OptionalLong secondsLeft() {
            return total < 0 || rate.isEmpty() || rate.getAsLong() == 0
                    ? OptionalLong.empty()
                    : OptionalLong.of((total - bytes + rate.getAsLong() - 1) / rate.getAsLong());
        }
    }

    @Override
    public void planned(long bytes) {
        planned.add(bytes);
    }

    @Override
    public void opened(long bytes) {
        opened.add(bytes);
    }

    @Override
    public void found(long bytes) {
        found.add(bytes);
    }

    @Override
    public void done(long bytes) {
        done.add(bytes);
    }

    @Override
    public void reached(long bytes) {
        found.add(Math.max(0, bytes - found.sum() - done.sum()));
    }

    @Override
    public void close() {}

    State look(long nanos) {
        long now = done.sum();
        while (samples.size() > 1 && nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        long past = nanos - first.nanos();
        OptionalLong rate = past < FIRST_RATE_NANOS
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, (long) ((now - first.bytes()) * 1e9 / past)));
        samples.addLast(new Sample(nanos, now));
        long all = Math.max(0, found.sum() + now);
        long total = Math.max(planned.sum(), opened.sum());
        return total <= 0 ? new State(all, -1, rate) : new State(Math.min(all, total), total, rate);
    }
}
