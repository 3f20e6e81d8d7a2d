package io.github.modelcache.http;

import io.github.modelcache.http.Segments.Segment;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Fetches one segment after the other, each over one connection. */
final class SegmentConnection implements Runnable {
    private static final long LONGEST_FILL_NANOS = 100_000_000L;

    private final SegmentedDownload download;
    private final SegmentRequests requests;
    private final DownloadOrder order;
    /** Whether a permit has to be given back. */
    boolean extra;

    private @Nullable HttpExchange first;
    private @Nullable Segment firstSegment;
    private @Nullable HttpExchange exchange;
    private long asked;
    private long begun;
    private long bytes;
    private long left;
    private boolean givenUp;
    private boolean begunOnce;
    private boolean slowBefore;

    /** A connection that is still to be opened. */
    SegmentConnection(SegmentedDownload download, SegmentRequests requests, DownloadOrder order) {
        this.download = download;
        this.requests = requests;
        this.order = order;
        this.asked = System.nanoTime();
    }

    /** Reads this segment from an answer that is there already. */
    SegmentConnection beginningWith(HttpExchange answer, @Nullable Segment segment) {
        first = answer;
        firstSegment = segment;
        return this;
    }

    @Override
    public void run() {
        try {
            Segment segment = firstSegment == null ? download.next(this) : firstSegment;
            while (segment != null && isFetched(segment)) {
                segment = download.next(this);
            }
        } finally {
            download.ended(this);
        }
    }

    private boolean isFetched(Segment segment) {
        ask();
        try (HttpExchange opened = first == null ? requests.open(segment) : first) {
            boolean known = first != null;
            first = null;
            begin(opened, segment.to() - segment.at());
            if (!download.isAwaited(this)) {
                return false; // another connection may be fetching this segment
            }
            if (!known && !requests.isPart(opened, segment)) {
                download.unfit();
                return false;
            }
            return receive(opened, segment);
        } catch (IOException e) {
            return download.lost(this, e);
        } finally {
            end();
            download.release(this, segment);
        }
    }

    private boolean receive(HttpExchange opened, Segment segment) throws IOException {
        byte[] buffer = order.buffers().take();
        try {
            InputStream in = opened.body();
            while (segment.at() < segment.to()) {
                int read = read(in, buffer, segment);
                if (!stored(buffer, read, segment)) {
                    opened.abort();
                    return false;
                }
            }
            if (!download.isFast(this) || in.read(buffer, 0, 1) >= 0) {
                opened.abort(); // to the next segment over another connection
            }
            return true;
        } finally {
            order.buffers().give(buffer);
        }
    }

    /** Fills the buffer: TLS brings 16 KiB at a time, and each piece costs a write and a look at all segments. */
    private int read(InputStream in, byte[] buffer, Segment segment) throws TransferException {
        int length = (int) Math.min(buffer.length, segment.to() - segment.at());
        long until = System.nanoTime() + LONGEST_FILL_NANOS;
        int read = 0;
        try {
            while (read < length && (read == 0 || System.nanoTime() < until)) {
                int more = in.read(buffer, read, length - read);
                if (more < 0) {
                    break;
                }
                read += more;
            }
        } catch (IOException e) {
            if (read == 0) {
                throw TransferErrors.ofBody(order.uri(), segment.at(), segment.to(), e);
            }
        }
        if (read == 0) {
            throw TransferErrors.ofBody(order.uri(), segment.at(), segment.to(), null);
        }
        return read;
    }

    private boolean stored(byte[] buffer, int length, Segment segment) {
        if (!download.mayWrite()) {
            return false;
        }
        try {
            order.partial().write(buffer, length, segment.at());
        } catch (IOException e) {
            download.failed(TransferErrors.ofWrite(order.uri(), order.partial().path(), e, left()));
            return false;
        }
        add(length);
        return download.wrote(this, segment, length);
    }

    private synchronized void ask() {
        bytes = 0;
        givenUp = false;
        asked = System.nanoTime();
    }

    private synchronized void begin(HttpExchange opened, long length) {
        left = length;
        begun = System.nanoTime();
        exchange = opened;
    }

    private synchronized void add(int length) {
        bytes += length;
        left -= length;
        begunOnce = true;
    }

    private synchronized void end() {
        exchange = null;
        asked = System.nanoTime();
    }

    /** Whether it has brought anything yet. */
    synchronized boolean hasBegun() {
        return begunOnce;
    }

    /** Whether it is fast over the connection that took the place of one that was given up. */
    synchronized boolean isReplaced(boolean fast) {
        boolean replaced = fast && slowBefore;
        slowBefore = !fast;
        return replaced;
    }

    /** Whether so much has come of the present segment. */
    synchronized boolean hasBytes(long least) {
        return bytes >= least;
    }

    /** Whether the connection has been sending for so long. */
    synchronized boolean isShown(long now, long nanos) {
        return exchange != null && !givenUp && now - begun > nanos;
    }

    /** Whether the present request has had no answer for so long. */
    synchronized boolean isSilent(long now, long nanos) {
        return exchange == null && now - asked > nanos;
    }

    /** Bytes a second of the present answer. */
    synchronized long rate(long now) {
        return (long) (bytes * 1e9 / Math.max(1, now - begun));
    }

    /** Bytes that are missing of the present segment. */
    synchronized long left() {
        return left;
    }

    synchronized boolean wasGivenUp() {
        return givenUp;
    }

    /** Closes a connection that is too slow. */
    synchronized void giveUp() {
        givenUp = true;
        slowBefore = true;
        abort();
    }

    synchronized void abort() {
        if (exchange != null) {
            exchange.abort();
        }
    }
}
