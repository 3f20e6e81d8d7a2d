package io.github.modelcache.http;

/**
 * How many connections fetch one file: 4, then four times as many as long as that is a tenth faster; where it is not,
 * fewer, down to one if one is as fast. Fewer too where the server refuses more. For one thread.
 */
final class LaneCount {
    private static final int FIRST = 4;
    private static final int GROWTH = 4;
    private static final double WORTH = 1.1;
    private static final double AS_FAST = 0.8;
    /** A new connection reaches its speed within some round trips. */
    private static final long WARM_NANOS = 300_000_000L;

    private static final long WINDOW_NANOS = 300_000_000L;

    private enum Phase {
        GROWING,
        TRYING_ONE,
        SETTLED
    }

    private int most;
    private int wanted;
    private int before = 1;
    private double rate;
    private Phase phase = Phase.GROWING;
    private long warmAt;
    private long windowStart = -1;
    private long bytesAtStart;

    /** Begins with few of {@code most}. */
    LaneCount(int most, long now) {
        this.most = most;
        this.wanted = Math.min(FIRST, most);
        this.warmAt = now + WARM_NANOS;
    }

    int wanted() {
        return wanted;
    }

    /** The server refuses more than these. */
    void refused(int running) {
        most = Math.max(1, Math.min(most, running));
        wanted = Math.min(wanted, most);
        phase = Phase.SETTLED;
    }

    /**
     * Decides anew.
     *
     * @param now nanoseconds
     * @param bytes how many have arrived
     * @param full whether as many connections as wanted are running
     */
    void measured(long now, long bytes, boolean full) {
        if (phase == Phase.SETTLED || !full) {
            warmAt = now + WARM_NANOS;
            windowStart = -1;
            return;
        }
        if (now < warmAt) {
            return;
        }
        if (windowStart < 0) {
            windowStart = now;
            bytesAtStart = bytes;
        } else if (now - windowStart >= WINDOW_NANOS) {
            decide((double) (bytes - bytesAtStart) / (now - windowStart), now);
        }
    }

    private void decide(double measured, long now) {
        if (phase == Phase.TRYING_ONE) {
            change(measured >= AS_FAST * rate ? 1 : before, Phase.SETTLED, now);
        } else if (measured < WORTH * rate) {
            rate = Math.max(rate, measured);
            change(1, Phase.TRYING_ONE, now);
        } else if (wanted < most) {
            rate = measured;
            before = wanted;
            change(Math.min(most, wanted * GROWTH), Phase.GROWING, now);
        } else {
            phase = Phase.SETTLED;
        }
    }

    private void change(int to, Phase next, long now) {
        wanted = to;
        phase = next;
        warmAt = now + WARM_NANOS;
        windowStart = -1;
    }
}
