package io.github.modelcache.http.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** An answer that comes in another thread, among others over one connection, and is read like a stream. */
final class StreamedResponse implements TransportResponse, AsyncResponseConsumer<Void> {
    private final TransportOptions options;
    private final Optional<Consumer<Optional<Boolean>>> found;
    private final Deque<ByteBuffer> arrived = new ArrayDeque<>();
    private @Nullable HttpResponse head;
    private @Nullable Map<String, String> headers;
    private @Nullable CapacityChannel capacity;
    private @Nullable FutureCallback<Void> result;
    private @Nullable Future<?> exchange;
    private @Nullable Exception failure;
    private boolean whole;

    /**
     * An answer.
     *
     * @param found told once the exchange is over whether the server speaks HTTP/2, if that is known
     */
    StreamedResponse(TransportOptions options, Optional<Consumer<Optional<Boolean>>> found) {
        this.options = options;
        this.found = found;
    }

    void begin(Future<?> started) {
        exchange = started;
    }

    /** Hears how the exchange ends, when its connection can be used by others. */
    FutureCallback<Void> outcome() {
        return new FutureCallback<>() {
            @Override
            public void completed(Void nothing) {
                over();
            }

            @Override
            public void failed(Exception cause) {
                StreamedResponse.this.failed(cause);
                over();
            }

            @Override
            public void cancelled() {
                StreamedResponse.this.failed(new InterruptedIOException("cancelled"));
                over();
            }
        };
    }

    private void over() {
        HttpResponse known;
        synchronized (this) {
            known = head;
        }
        Optional<Boolean> http2 = known == null
                ? Optional.empty()
                : Optional.of(known.getVersion() != null && known.getVersion().greaterEquals(HttpVersion.HTTP_2));
        found.ifPresent(listener -> listener.accept(http2));
    }

    synchronized void awaitHead() throws IOException {
        Duration limit = options.idleTimeout().isZero()
                ? Duration.ZERO
                : options.idleTimeout().plus(options.connectTimeout());
        while (head == null && failure == null) {
            await(limit);
        }
        if (head == null) {
            throw problem();
        }
    }

    private IOException problem() {
        Exception cause = failure;
        if (cause instanceof SocketTimeoutException timeout) {
            return timeout;
        }
        boolean told = cause instanceof java.net.UnknownHostException
                || cause instanceof java.net.ConnectException
                || cause instanceof java.net.NoRouteToHostException
                || cause instanceof javax.net.ssl.SSLException
                || cause instanceof InterruptedIOException;
        if (told && cause instanceof IOException known) {
            return known;
        }
        return new ConnectionLostException(cause == null ? new IOException("no answer") : cause);
    }

    /** Waits for the other thread, at most as long as a connection may be idle. */
    private void await(Duration limit) throws IOException {
        long until = System.nanoTime() + limit.toNanos();
        int seen = arrived.size();
        while (head == null ? failure == null : arrived.size() == seen && !whole && failure == null) {
            long left = limit.isZero() ? 0 : TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (!limit.isZero() && left <= 0) {
                cancel();
                throw new SocketTimeoutException("nothing came within the time limit");
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                cancel();
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for an answer");
            }
        }
    }

    private void cancel() {
        if (exchange != null) {
            exchange.cancel(true);
        }
    }

    @Override
    public int status() {
        return known().getCode();
    }

    private synchronized HttpResponse known() {
        if (head == null) {
            throw new IllegalStateException("the head is awaited first");
        }
        return head;
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers().get(name));
    }

    @Override
    public Map<String, String> headers() {
        Map<String, String> all = headers == null ? Http1Response.joined(known().getHeaders()) : headers;
        headers = all;
        return all;
    }

    @Override
    public long announcedLength() {
        String text = headers().getOrDefault("Content-Length", "");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }

    @Override
    public InputStream body() {
        return new Body();
    }

    @Override
    public void abort() {
        end();
    }

    @Override
    public void end() {
        boolean unfinished;
        synchronized (this) {
            unfinished = !whole && failure == null;
        }
        if (unfinished) {
            cancel();
        }
    }

    private final class Body extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int count;
            CapacityChannel channel;
            synchronized (StreamedResponse.this) {
                while (arrived.isEmpty() && !whole && failure == null) {
                    await(options.idleTimeout());
                }
                if (arrived.isEmpty()) {
                    if (!whole) {
                        throw problem();
                    }
                    return -1;
                }
                ByteBuffer next = arrived.getFirst();
                count = Math.min(length, next.remaining());
                next.get(target, offset, count);
                if (!next.hasRemaining()) {
                    arrived.removeFirst();
                }
                channel = whole ? null : capacity;
            }
            if (channel != null) {
                channel.update(count);
            }
            return count;
        }
    }

    @Override
    public void consumeResponse(
            HttpResponse response,
            @Nullable EntityDetails details,
            HttpContext context,
            FutureCallback<Void> callback) {
        synchronized (this) {
            head = response;
            whole = details == null;
            result = callback;
            notifyAll();
        }
        if (details == null) {
            complete(callback);
        }
    }

    @SuppressWarnings("NullAway") // the library's callback takes a result, of which there is none
    private static void complete(FutureCallback<Void> callback) {
        callback.completed(null);
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {
        // interim answers say nothing that is needed
    }

    @Override
    public synchronized void updateCapacity(CapacityChannel channel) {
        capacity = channel;
    }

    @Override
    public synchronized void consume(ByteBuffer source) {
        ByteBuffer copy = ByteBuffer.allocate(source.remaining());
        copy.put(source).flip();
        arrived.addLast(copy);
        notifyAll();
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        FutureCallback<Void> callback;
        synchronized (this) {
            whole = true;
            callback = result;
            notifyAll();
        }
        if (callback != null) {
            complete(callback);
        }
    }

    @Override
    public synchronized void failed(Exception cause) {
        if (failure == null && !whole) {
            failure = cause;
        }
        notifyAll();
    }

    @Override
    public void releaseResources() {
        // what arrived is for the reader
    }
}
