package io.github.modelcache.http;

import io.github.modelcache.http.Segments.Segment;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The rest of one large file over several connections, each of which asks for one segment after the other. The calling
 * thread hashes in order and watches the connections: one that lags far behind the fastest is closed, and the rest of its
 * segment is asked for anew.
 */
final class SegmentedDownload {
    /** How long the last connections may take to answer while nothing else is left to do. */
    private static final long SILENT_NANOS = 3_000_000_000L;

    private static final int MOST_SILENT = 4;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long TICK_MILLIS = 50;
    private final DownloadOrder order;
    private final Lanes lanes;
    private final Optional<String> validator;
    private final long total;
    private final Segments segments;
    private final LaneCount count;
    private final LaneSpeeds speeds;
    private final SegmentRequests requests;
    private final List<SegmentLane> running = new ArrayList<>();
    private final BlockingQueue<Boolean> news = new ArrayBlockingQueue<>(1);
    private long arrived;
    /** When the last connection failed. */
    private long arrivedAtLoss;

    private int silent;
    private int writing;
    private boolean stopped;
    private boolean unfit;
    private @Nullable IOException failure;

    /**
     * The rest of a file.
     *
     * @param validator the version of the content, by the first answer
     * @param total its length in bytes
     */
    SegmentedDownload(DownloadOrder order, Lanes lanes, Optional<String> validator, long total, HttpExchange first) {
        this.order = order;
        this.lanes = lanes;
        this.validator = validator;
        this.total = total;
        this.segments =
                new Segments(total, lanes.segmentBytes(), order.partial().ranges());
        this.speeds = new LaneSpeeds(lanes);
        this.count = new LaneCount(lanes.most(), System.nanoTime());
        this.requests = new SegmentRequests(order, validator, total, first.uri());
    }

    /**
     * Fetches what is missing.
     *
     * @param first the answer that the first segment is read from
     * @return false where the server does not send ranges as it should; what is there is right
     * @throws TransferException if no connection brings more
     */
    boolean run(HttpExchange first) throws IOException {
        ExecutorService threads = Lanes.threads();
        byte[] buffer = order.buffers().take();
        try {
            note();
            synchronized (this) {
                start(new SegmentLane(this, requests, order, first), threads);
            }
            return hashAndWatch(threads, buffer);
        } catch (IOException | RuntimeException e) {
            stop();
            noteAfter(e);
            throw e;
        } finally {
            threads.shutdownNow();
            order.buffers().give(buffer);
        }
    }

    private void note() throws IOException {
        try {
            order.partial().rememberSegments(order.uri(), validator, segments.arrived());
        } catch (IOException e) {
            throw TransferErrors.ofWrite(order.uri(), order.partial().path(), e, -1);
        }
    }

    /** What arrived since the last note is lost where the disk is full. */
    private void noteAfter(Exception failure) {
        try {
            note();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** How many bytes came. */
    synchronized long arrived() {
        return arrived;
    }

    private boolean hashAndWatch(ExecutorService threads, byte[] buffer) throws IOException {
        long noted = System.nanoTime();
        while (order.partial().size() < total) {
            long prefix = segments.prefix();
            if (prefix > order.partial().size()) {
                order.partial().hashTo(prefix, buffer);
            } else {
                pause();
            }
            long now = System.nanoTime();
            synchronized (this) {
                if (failure != null) {
                    throw failure;
                }
                if (unfit) {
                    break;
                }
                watch(now, threads);
                if (segments.prefix() == order.partial().size()
                        && order.partial().size() < total) {
                    pause();
                }
            }
            if (now - noted > SECOND_NANOS) {
                noted = now;
                note();
            }
        }
        stop();
        if (order.partial().size() < total) {
            note();
        }
        return order.partial().size() == total;
    }

    private void pause() throws InterruptedIOException {
        try {
            news.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(Urls.display(order.uri()) + ": interrupted while downloading");
        }
    }

    /** Adds connections where more are wanted, and gives up those that lag. */
    private void watch(long now, ExecutorService threads) {
        boolean full = running.size() >= count.wanted() && running.stream().allMatch(SegmentLane::hasBegun);
        count.measured(now, arrived, full);
        while (running.size() < count.wanted()
                && segments.isWaiting()
                && (running.isEmpty() || lanes.extra().tryAcquire())) {
            start(new SegmentLane(this, requests, order, null), threads);
        }
        speeds.lagging(running, now).forEach(SegmentLane::giveUp);
        for (SegmentLane lane : List.copyOf(running)) {
            if (isLeftAlone(lane, now)) {
                silent++;
                running.remove(lane);
                segments.releaseAll(lane);
            }
        }
    }

    /** Whether others have nothing left to do, and a connection has not even answered. */
    private boolean isLeftAlone(SegmentLane lane, long now) {
        return arrived > 0 && silent < MOST_SILENT && !segments.isWaiting() && lane.isSilent(now, SILENT_NANOS);
    }

    private void start(SegmentLane lane, ExecutorService threads) {
        lane.extra = !running.isEmpty();
        running.add(lane);
        threads.execute(lane);
    }

    /** Waits until nobody writes to the file any more. */
    private synchronized void stop() {
        stopped = true;
        running.forEach(SegmentLane::abort);
        boolean interrupted = false;
        while (writing > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell() {
        news.offer(true);
        notifyAll();
    }

    /** The next segment for a lane; null if it is not needed any more. */
    synchronized @Nullable Segment next(SegmentLane lane) {
        return isOver() || isSurplus(lane) ? null : segments.take(lane);
    }

    /** Whether there are more connections than wanted; then this one leaves. */
    private boolean isSurplus(SegmentLane lane) {
        return !running.contains(lane) || (running.size() > count.wanted() && running.remove(lane));
    }

    /** Whether an answer that has come is still waited for. */
    synchronized boolean isAwaited(SegmentLane lane) {
        return !isOver() && running.contains(lane);
    }

    private boolean isOver() {
        return stopped || unfit || failure != null;
    }

    /** Begins to write; false if nothing may be written any more. */
    synchronized boolean mayWrite() {
        writing += isOver() ? 0 : 1;
        return !isOver();
    }

    /** The bytes are in the file; returns whether this connection goes on. */
    synchronized boolean wrote(SegmentLane lane, Segment segment, int bytes) {
        writing--;
        tell();
        segments.arrived(segment, bytes);
        arrived += bytes;
        order.progress().progressed(bytes);
        return !isOver() && !isSurplus(lane);
    }

    /** The file can't be written. */
    synchronized void failed(IOException problem) {
        writing--;
        failure = failure == null ? problem : failure;
        tell();
    }

    /** A segment is complete; returns whether its connection is fast enough for another one. */
    synchronized boolean isFast(SegmentLane lane) {
        return speeds.isFast(lane, System.nanoTime());
    }

    /** The server does not send what was asked for. */
    synchronized void unfit() {
        unfit = true;
        tell();
    }

    synchronized void release(SegmentLane lane, Segment segment) {
        segments.release(lane, segment);
        tell();
    }

    /**
     * A connection failed.
     *
     * @return whether its lane tries another one
     */
    synchronized boolean lost(SegmentLane lane, IOException problem) {
        if (isOver() || lane.wasGivenUp()) {
            return !isOver();
        }
        boolean passing = problem instanceof TransferException known && TransferErrors.isTransient(known);
        if (passing && lane.hasBytes(1)) {
            return true;
        }
        running.remove(lane);
        if (running.isEmpty() && arrived == arrivedAtLoss) {
            failure = problem;
        } else {
            arrivedAtLoss = running.isEmpty() ? arrived : arrivedAtLoss;
            count.refused(running.size());
        }
        return false;
    }

    synchronized void ended(SegmentLane lane) {
        running.remove(lane);
        if (lane.extra) {
            lanes.extra().release();
        }
        tell();
    }
}
