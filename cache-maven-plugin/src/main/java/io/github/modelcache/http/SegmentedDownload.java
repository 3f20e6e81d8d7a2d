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
    private static final long TICK_NANOS = 50_000_000L;
    private final DownloadOrder order;
    private final ConnectionLimits limits;
    private final long total;
    private final Segments segments;
    private final SegmentNotes notes;
    private final ConnectionCount count;
    private final ConnectionSpeeds speeds;
    private final SegmentRequests requests;
    private final List<SegmentConnection> running = new ArrayList<>();
    private final BlockingQueue<Boolean> news = new ArrayBlockingQueue<>(1);
    private long arrived;
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
    SegmentedDownload(
            DownloadOrder order,
            ConnectionLimits limits,
            SegmentRequests requests,
            Optional<String> validator,
            long total) {
        this.order = order;
        this.limits = limits;
        this.total = total;
        this.segments =
                new Segments(total, limits.segmentBytes(), order.partial().ranges());
        this.notes = new SegmentNotes(order, validator, segments);
        this.speeds = new ConnectionSpeeds(limits);
        this.count = new ConnectionCount(limits.most(), System.nanoTime());
        this.requests = requests;
    }

    /**
     * Fetches what is missing.
     *
     * @param first the answer that the first segment is read from
     * @return false where the server does not send ranges as it should; what is there is right
     * @throws TransferException if no connection brings more
     */
    boolean run(HttpExchange first) throws IOException {
        ExecutorService threads = ConnectionLimits.threads();
        byte[] buffer = order.buffers().take();
        try {
            notes.write();
            synchronized (this) {
                SegmentConnection connection = new SegmentConnection(this, requests, order);
                start(connection.beginningWith(first, segments.take(connection)), threads);
            }
            return hashAndWatch(threads, buffer);
        } catch (IOException | RuntimeException e) {
            stop();
            notes.writeAfter(e);
            throw e;
        } finally {
            threads.shutdownNow();
            order.buffers().give(buffer);
        }
    }

    synchronized long arrived() {
        return arrived;
    }

    private boolean hashAndWatch(ExecutorService threads, byte[] buffer) throws IOException {
        long watched = System.nanoTime() - TICK_NANOS;
        while (order.partial().size() < total && isWanted()) {
            long now = System.nanoTime();
            if (now - watched >= TICK_NANOS) {
                watched = now;
                watch(now, threads);
            }
            notes.writeIfDue(now);
            long prefix = segments.prefix();
            if (prefix > order.partial().size()) {
                order.partial().hashTo(prefix, buffer);
            } else {
                pause();
            }
        }
        stop();
        while (order.partial().size() < segments.prefix()) {
            order.partial().hashTo(segments.prefix(), buffer);
        }
        if (order.partial().size() < total) {
            notes.write();
        }
        return order.partial().size() == total;
    }

    private synchronized boolean isWanted() throws IOException {
        if (failure != null) {
            throw failure;
        }
        return !unfit;
    }

    private void pause() throws InterruptedIOException {
        try {
            news.poll(TICK_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(Urls.display(order.uri()) + ": interrupted while downloading");
        }
    }

    /** Adds connections where more are wanted, and gives up those that lag. */
    private synchronized void watch(long now, ExecutorService threads) {
        boolean full = running.size() >= count.wanted() && running.stream().allMatch(SegmentConnection::hasBegun);
        count.measured(now, arrived, full);
        while (running.size() < count.wanted()
                && segments.isWaiting()
                && (running.isEmpty() || limits.extra().tryAcquire())) {
            start(new SegmentConnection(this, requests, order), threads);
        }
        speeds.lagging(running, now).forEach(SegmentConnection::giveUp);
        for (SegmentConnection connection : List.copyOf(running)) {
            if (isLeftAlone(connection, now)) {
                silent++;
                running.remove(connection);
                segments.releaseAll(connection);
            }
        }
    }

    /** Whether others have nothing left to do, and a connection has not even answered. */
    private boolean isLeftAlone(SegmentConnection connection, long now) {
        return arrived > 0 && silent < MOST_SILENT && !segments.isWaiting() && connection.isSilent(now, SILENT_NANOS);
    }

    private void start(SegmentConnection connection, ExecutorService threads) {
        connection.extra = !running.isEmpty();
        running.add(connection);
        threads.execute(connection);
    }

    /** Waits until nobody writes to the file any more. */
    private synchronized void stop() {
        stopped = true;
        running.forEach(SegmentConnection::abort);
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

    /** The next segment for a connection; null if it is not needed any more. */
    synchronized @Nullable Segment next(SegmentConnection connection) {
        return isOver() || isSurplus(connection) ? null : segments.take(connection);
    }

    /** Whether there are more connections than wanted; then this one leaves. */
    private boolean isSurplus(SegmentConnection connection) {
        return !running.contains(connection) || (running.size() > count.wanted() && running.remove(connection));
    }

    /** Whether an answer that has come is still waited for. */
    synchronized boolean isAwaited(SegmentConnection connection) {
        return !isOver() && running.contains(connection);
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
    synchronized boolean wrote(SegmentConnection connection, Segment segment, int bytes) {
        writing--;
        if (segments.arrived(segment, bytes) || isOver()) {
            tell();
        }
        arrived += bytes;
        order.progress().progressed(bytes);
        return !isOver() && !isSurplus(connection);
    }

    /** The file can't be written. */
    synchronized void failed(IOException problem) {
        writing--;
        failure = failure == null ? problem : failure;
        tell();
    }

    /** A segment is complete; returns whether its connection is fast enough for another one. */
    synchronized boolean isFast(SegmentConnection connection) {
        return speeds.isFast(connection, System.nanoTime());
    }

    /** The server does not send what was asked for. */
    synchronized void unfit() {
        unfit = true;
        tell();
    }

    synchronized void release(SegmentConnection connection, Segment segment) {
        segments.release(connection, segment);
        tell();
    }

    /**
     * A connection failed.
     *
     * @return whether its connection tries another one
     */
    synchronized boolean lost(SegmentConnection connection, IOException problem) {
        if (isOver() || connection.wasGivenUp()) {
            return !isOver();
        }
        boolean passing = problem instanceof TransferException known && TransferErrors.isTransient(known);
        if (passing && connection.hasBytes(1)) {
            return true;
        }
        running.remove(connection);
        if (running.isEmpty() && arrived == arrivedAtLoss) {
            failure = problem;
        } else {
            arrivedAtLoss = running.isEmpty() ? arrived : arrivedAtLoss;
            count.refused(running.size());
        }
        return false;
    }

    synchronized void ended(SegmentConnection connection) {
        running.remove(connection);
        if (connection.extra) {
            limits.extra().release();
        }
        tell();
    }
}
