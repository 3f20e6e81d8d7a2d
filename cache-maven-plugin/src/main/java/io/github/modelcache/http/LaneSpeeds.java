package io.github.modelcache.http;

import java.util.List;

/**
 * Finds connections that lag far behind the fastest. A new connection may reach a faster server; on a machine that is
 * busy, though, connections look slow by turns, so only some may be given up before that has been worth it. For one thread
 * at a time.
 */
final class LaneSpeeds {
    /** A slower connection than this part of the fastest lags. */
    private static final int LAGGING = 5;
    /** Before that a connection has not shown how fast it is. */
    private static final long SHOWN_NANOS = 2_000_000_000L;
    /** How long the speed of a segment that is complete says something about others. */
    private static final long RECENT_NANOS = 2_000_000_000L;
    /** The speed of a smaller part of a segment says nothing. */
    private static final int TELLING = 16;

    private final long tellingBytes;
    private long fastest;
    private long fastestAt;
    private int patience;

    LaneSpeeds(Lanes lanes) {
        this.tellingBytes = lanes.segmentBytes() / TELLING;
        this.patience = lanes.most();
    }

    /** Those whose rest would take more than a second, and should be asked for over other connections. */
    List<SegmentLane> lagging(List<SegmentLane> running, long now) {
        List<SegmentLane> shown =
                running.stream().filter(lane -> lane.isShown(now, SHOWN_NANOS)).toList();
        shown.forEach(lane -> note(lane, now));
        return shown.stream()
                .filter(lane -> lane.left() > lane.rate(now) && isGivenUp(lane, now))
                .toList();
    }

    /** A segment is complete; returns whether its connection is fast enough for another one. */
    boolean isFast(SegmentLane lane, long now) {
        boolean slow = lane.isShown(now, SHOWN_NANOS / 2) && isGivenUp(lane, now);
        note(lane, now);
        patience += lane.isReplaced(!slow) ? 1 : 0;
        return !slow;
    }

    private boolean isGivenUp(SegmentLane lane, long now) {
        boolean lags = patience > 0 && lane.rate(now) < fastest / LAGGING;
        patience -= lags ? 1 : 0;
        return lags;
    }

    private void note(SegmentLane lane, long now) {
        long rate = lane.rate(now);
        if (lane.hasBytes(tellingBytes) && (rate >= fastest || now - fastestAt > RECENT_NANOS)) {
            fastest = rate;
            fastestAt = now;
        }
    }
}
