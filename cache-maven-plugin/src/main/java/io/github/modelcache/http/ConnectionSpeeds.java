package io.github.modelcache.http;

import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Finds connections that lag far behind the fastest. A new connection may reach a faster server; on a machine that is
 * busy, though, connections look slow by turns. Then only connections that are almost stalled are given up. For one thread at
 * a time.
 */
final class ConnectionSpeeds {
    /** A slower connection than this part of the fastest lags. */
    private static final int LAGGING = 5;
    /** The same while the processors are busy. */
    private static final int LAGGING_BUSY = 100;

    private static final double BUSY = 0.9;
    /** The time between two measurements of the processor load. */
    private static final long LOAD_NANOS = 500_000_000L;
    /** Before that a connection has not shown how fast it is. */
    private static final long SHOWN_NANOS = 2_000_000_000L;
    /** How long the speed of a segment that is complete says something about others. */
    private static final long RECENT_NANOS = 2_000_000_000L;
    /** The speed of a smaller part of a segment says nothing. */
    private static final int TELLING = 16;

    private final long tellingBytes;
    private final DoubleSupplier load;
    private long fastest;
    private long fastestAt;
    private int patience;
    private int lagging = LAGGING_BUSY;
    private long loadSince;

    ConnectionSpeeds(ConnectionLimits limits) {
        this.tellingBytes = limits.segmentBytes() / TELLING;
        this.load = limits.load();
        this.patience = limits.most();
    }

    /** Those whose rest would take more than a second, and should be asked for over other connections. */
    List<SegmentConnection> lagging(List<SegmentConnection> running, long now) {
        List<SegmentConnection> shown = running.stream()
                .filter(connection -> connection.isShown(now, SHOWN_NANOS))
                .toList();
        if (!shown.isEmpty()) {
            measureLoad(now);
        }
        shown.forEach(connection -> note(connection, now));
        return shown.stream()
                .filter(connection -> connection.left() > connection.rate(now) && isGivenUp(connection, now))
                .toList();
    }

    /** A segment is complete; returns whether its connection is fast enough for another one. */
    boolean isFast(SegmentConnection connection, long now) {
        boolean slow = connection.isShown(now, SHOWN_NANOS / 2) && isGivenUp(connection, now);
        note(connection, now);
        patience += connection.isReplaced(!slow) ? 1 : 0;
        return !slow;
    }

    private boolean isGivenUp(SegmentConnection connection, long now) {
        boolean lags = patience > 0 && connection.rate(now) < fastest / lagging;
        patience -= lags ? 1 : 0;
        return lags;
    }

    private void measureLoad(long now) {
        if (loadSince != 0 && now - loadSince < LOAD_NANOS) {
            return;
        }
        lagging = load.getAsDouble() > BUSY || loadSince == 0 ? LAGGING_BUSY : LAGGING;
        loadSince = now;
    }

    private void note(SegmentConnection connection, long now) {
        long rate = connection.rate(now);
        if (connection.hasBytes(tellingBytes) && (rate >= fastest || now - fastestAt > RECENT_NANOS)) {
            fastest = rate;
            fastestAt = now;
        }
    }
}
