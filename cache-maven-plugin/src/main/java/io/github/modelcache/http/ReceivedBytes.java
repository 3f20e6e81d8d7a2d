package io.github.modelcache.http;

import io.github.modelcache.digest.HashingSink;
import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.http.TransferException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** What arrives of one file over one connection after the other: it is written, hashed, counted and reported. */
final class ReceivedBytes {
    private static final long UNKNOWN = -1;

    private final DownloadOrder order;
    private final PartialFile partial;
    private final Retries retries;
    private boolean announced;
    private boolean renewed;
    private long furthest;
    private long received;

    ReceivedBytes(DownloadOrder order, Retries retries) {
        this.order = order;
        this.partial = order.partial();
        this.retries = retries;
    }

    /** How many bytes came, those that were given up too. */
    long received() {
        return received;
    }

    void announce(long total) {
        if (!announced) {
            announced = true;
            order.progress().started(order.uri(), partial.bytes(), total);
        }
    }

    /** What an earlier run left counts as arrived. */
    void resumed() {
        furthest = partial.size();
    }

    void restarted() {
        announced = false;
    }

    /** Whether a signed address may be asked for anew: once before the next byte. */
    boolean mayRenew() {
        boolean may = !renewed;
        renewed = true;
        return may;
    }

    /** Bytes that were written and reported by others. */
    void add(long bytes) {
        received += bytes;
        if (bytes > 0) {
            progressed();
        }
    }

    private void progressed() {
        furthest = Math.max(furthest, partial.size());
        renewed = false;
        retries.progressed();
    }

    /** Makes sure that the disk can hold what is missing. */
    void requireRoom(long total) throws IOException {
        long needed = total - partial.bytes();
        if (total != UNKNOWN && needed > DiskSpace.usable(partial.path())) {
            throw TransferErrors.ofFullDisk(order.uri(), partial.path(), needed, null);
        }
    }

    InputStream body(HttpExchange exchange) throws TransferException {
        try {
            return exchange.body();
        } catch (IOException e) {
            throw TransferErrors.ofConnection(order.uri(), e);
        }
    }

    /** Moves a body to the disk. A broken connection leaves the file, its size and its digest consistent. */
    void copy(InputStream in, long total) throws IOException {
        try (HashingSink sink = partial.sink(order.buffers())) {
            while (true) {
                byte[] buffer = sink.buffer();
                int read;
                try {
                    read = in.read(buffer);
                } catch (IOException e) {
                    sink.drain();
                    throw TransferErrors.ofBody(order.uri(), partial.size(), total, e);
                }
                if (read < 0) {
                    break;
                }
                store(sink, read, total == UNKNOWN ? order.expected().size() : total);
            }
            sink.drain();
        }
    }

    private void store(HashingSink sink, int bytes, long limit) throws IOException {
        if (limit != UNKNOWN && partial.size() + bytes > limit) {
            sink.drain();
            partial.delete();
            throw new TransferException(
                    Kind.TOO_LONG,
                    Urls.display(order.uri()) + " sends more than the " + limit
                            + " bytes that are expected; the partial file is deleted");
        }
        try {
            sink.write(bytes);
        } catch (IOException e) {
            long missing = limit == UNKNOWN ? UNKNOWN : limit - partial.size();
            throw TransferErrors.ofWrite(order.uri(), partial.path(), e, missing);
        }
        partial.appended(bytes);
        received += bytes;
        if (partial.size() > furthest) {
            progressed();
        }
        order.progress().progressed(bytes);
    }

    /**
     * Makes sure that nothing is missing.
     *
     * @param endIsCertain whether a server would have told a broken end from the real one
     */
    void requireAllBytes(long total, boolean endIsCertain, Optional<String> contentType) throws IOException {
        long size = order.expected().size();
        long goal = total == UNKNOWN ? size : total;
        if (goal == UNKNOWN || partial.size() == goal) {
            return;
        }
        if (total == UNKNOWN && endIsCertain) {
            partial.delete();
            throw TransferErrors.ofSize(order.uri(), partial.size(), size, contentType);
        }
        throw TransferErrors.ofBody(order.uri(), partial.size(), goal, null);
    }
}
