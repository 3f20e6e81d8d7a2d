package io.github.modelcache.http.transport;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/** An answer that comes over a connection of its own. */
final class Http1Response implements TransportResponse {
    /** A body this small is read to its end so that the connection can be used again. */
    private static final int DISCARD_BYTES = 16 * 1024;

    private final ClassicHttpResponse response;
    private final Consumer<Boolean> release;
    private final @Nullable Body body;
    private final AtomicBoolean ended = new AtomicBoolean();
    private @Nullable Map<String, String> headers;

    /**
     * An answer.
     *
     * @param release gives the connection back, or closes it if it is not fit for another request
     */
    Http1Response(ClassicHttpResponse response, Consumer<Boolean> release) throws IOException {
        this.response = response;
        this.release = release;
        HttpEntity entity = response.getEntity();
        this.body = entity == null ? null : new Body(entity.getContent());
    }

    @Override
    public int status() {
        return response.getCode();
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers().get(name));
    }

    @Override
    public Map<String, String> headers() {
        Map<String, String> known = headers == null ? joined(response.getHeaders()) : headers;
        headers = known;
        return known;
    }

    static Map<String, String> joined(Header[] all) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : all) {
            String value = header.getValue() == null ? "" : header.getValue();
            headers.merge(header.getName(), value, (one, two) -> one + ", " + two);
        }
        return Collections.unmodifiableMap(headers);
    }

    @Override
    public long announcedLength() {
        HttpEntity entity = response.getEntity();
        return entity == null ? headLength() : Math.max(-1, entity.getContentLength());
    }

    /** What the answer to a HEAD announces. */
    private long headLength() {
        String text = headers().getOrDefault("Content-Length", "0");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }

    @Override
    public InputStream body() {
        return body == null ? InputStream.nullInputStream() : body;
    }

    @Override
    public void end() {
        if (!ended.getAndSet(true)) {
            release.accept(body == null || body.isRead() || isDiscarded(body));
        }
    }

    @Override
    public void abort() {
        if (!ended.getAndSet(true)) {
            release.accept(false);
        }
    }

    private boolean isDiscarded(Body rest) {
        boolean wanted = status() == 200 || status() == 206;
        if (wanted || announcedLength() > DISCARD_BYTES) {
            return false;
        }
        try {
            return rest.readNBytes(DISCARD_BYTES).length <= DISCARD_BYTES && rest.read() < 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Notes when its end was seen. */
    private static final class Body extends FilterInputStream {
        private boolean read;
        private long received;

        Body(InputStream in) {
            super(in);
        }

        boolean isRead() {
            return read;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int count = read(one, 0, 1);
            return count < 0 ? count : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                int count = super.read(target, offset, length);
                read |= count < 0;
                received += Math.max(0, count);
                return count;
            } catch (ConnectionClosedException e) {
                throw new IOException("the answer ended after " + received + " bytes", e);
            }
        }

        @Override
        public void close() {
            // the connection is ended by the one who asked
        }
    }
}
