package io.github.modelcache.http;

/**
 * How many connections fetch one file: all that are allowed, from the start. A download that takes longer tries half as
 * many, and keeps to them as long as that is as fast; so a server or a line that is no faster with more is left with one.
 * Fewer too where the server refuses more. For one thread.
 */
final class ConnectionCount {
    private static final double AS_FAST = 0.9;
    /** Fast downloads are over by then, and for others a trial costs little. */
    private static final long TRIAL_AFTER_NANOS = 10_000_000_000L;
    /** What is on its way when connections are closed or opened says nothing about their number. */
    private static final long SETTLING_NANOS = 500_000_000L;

    private static final long WINDOW_NANOS = 1_000_000_000L;

    private int most;
    private int wanted;
    private int before;
    private double rate = -1;
    private boolean settled;
    private long measuredFrom;
    private long windowStart = -1;
    private long bytesAtStart;

    /** Begins with all of {@code most}. */
    ConnectionCount(int most, long now) {
        this.most = most;
        this.wanted = most;
        this.before = most;
        this.settled = most == 1;
        this.measuredFrom = now + TRIAL_AFTER_NANOS;
    }

    int wanted() {
        return wanted;
    }

    /** The server refuses more than these. */
    void refused(int running) {
        most = Math.max(1, Math.min(most, running));
        wanted = Math.min(wanted, most);
        settled = true;
    }

    /**
     * Decides anew.
     *
     * @param now nanoseconds
     * @param bytes how many have arrived
     * @param full whether as many connections as wanted are running
     */
    void measured(long now, long bytes, boolean full) {
        if (settled || now < measuredFrom) {
            return;
        }
        if (!full) {
            settleUntil(now + SETTLING_NANOS);
        } else if (windowStart < 0) {
            windowStart = now;
            bytesAtStart = bytes;
        } else if (now - windowStart >= WINDOW_NANOS) {
            decide((double) (bytes - bytesAtStart) / (now - windowStart));
            settleUntil(now + SETTLING_NANOS);
        }
    }

    private void decide(double measured) {
        if (measured < AS_FAST * rate) {
            wanted = before;
            settled = true;
            return;
        }
        rate = Math.max(rate, measured);
        settled = wanted == 1;
        before = wanted;
        wanted = Math.max(1, wanted / 2);
    }

    private void settleUntil(long time) {
        measuredFrom = time;
        windowStart = -1;
    }
}
