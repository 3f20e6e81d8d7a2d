package io.github.modelcache.http;

import io.github.modelcache.http.transport.TransportResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of what a URL names. It is fetched as if it were a file of its own: requests for its bytes are asked for where they
 * lie, and answers say where they lie in the part.
 *
 * @param offset of its first byte
 * @param length in bytes, 1 or more
 */
record Slice(long offset, long length) {
    private static final String RANGE = "Range";
    private static final String CONTENT_RANGE = "Content-Range";
    private static final Pattern ASKED = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");
    private static final Pattern ANSWERED = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/.*");

    Slice {
        if (offset < 0 || length < 1) {
            throw new IllegalArgumentException(length + " bytes at " + offset + " are no part of a file");
        }
    }

    HttpExchange open(HttpOpener opener, URI uri, HttpRequest request) throws IOException {
        Map<String, String> headers = new HashMap<>(request.headers());
        Optional<String> asked = Optional.ofNullable(headers.remove(RANGE));
        headers.put(RANGE, shifted(asked.orElse("bytes=0-")));
        HttpExchange exchange =
                opener.open(uri, new HttpRequest(request.method(), headers, request.content(), request.large()));
        return new HttpExchange(new Answer(this, exchange, asked.isEmpty()), exchange.uri());
    }

    private String shifted(String range) {
        Matcher asked = ASKED.matcher(range);
        if (!asked.matches()) {
            throw new IllegalArgumentException("the range " + range);
        }
        long from = Long.parseLong(asked.group(1));
        long last = asked.group(2).isEmpty() ? length - 1 : Long.parseLong(asked.group(2));
        return "bytes=" + (offset + from) + "-" + (offset + last);
    }

    /** Its bytes, out of those of the whole. */
    InputStream of(InputStream whole) throws IOException {
        whole.skipNBytes(offset);
        return new LimitedStream(whole, length);
    }

    /** The first bytes of a stream. */
    private static final class LimitedStream extends InputStream {
        private final InputStream in;
        private long left;

        LimitedStream(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            int read = left == 0 ? -1 : in.read();
            left -= read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] target, int start, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int read = left == 0 ? -1 : in.read(target, start, (int) Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** An answer whose positions count from the start of the part. */
    private static final class Answer implements TransportResponse {
        private final Slice slice;
        private final HttpExchange exchange;
        /** Whether the whole part was asked for, so that its answer is one to a plain GET. */
        private final boolean complete;

        private final boolean ignored;
        private final Optional<String> range;

        Answer(Slice slice, HttpExchange exchange, boolean complete) {
            this.slice = slice;
            this.exchange = exchange;
            this.ignored = exchange.status() == 200;
            this.range = exchange.status() == 206 ? range() : Optional.empty();
            this.complete = complete
                    && range.filter(("bytes 0-" + (slice.length - 1) + "/" + slice.length)::equals)
                            .isPresent();
        }

        private Optional<String> range() {
            Matcher answered =
                    ANSWERED.matcher(exchange.header(CONTENT_RANGE).orElse("").strip());
            if (!answered.matches()) {
                return Optional.empty();
            }
            long from = Long.parseLong(answered.group(1)) - slice.offset;
            long last = Long.parseLong(answered.group(2)) - slice.offset;
            return from < 0 || last >= slice.length
                    ? Optional.empty()
                    : Optional.of("bytes " + from + "-" + last + "/" + slice.length);
        }

        @Override
        public int status() {
            return complete ? 200 : exchange.status();
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers().get(name));
        }

        @Override
        public Map<String, String> headers() {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headers.putAll(exchange.headers());
            headers.remove(CONTENT_RANGE);
            if (!complete) {
                range.ifPresent(value -> headers.put(CONTENT_RANGE, value));
            }
            return headers;
        }

        @Override
        public long announcedLength() {
            long announced = exchange.contentLength();
            boolean holds = announced < 0 || announced >= slice.offset + slice.length;
            return ignored && holds ? slice.length : announced;
        }

        @Override
        public InputStream body() throws IOException {
            return ignored ? slice.of(exchange.body()) : exchange.body();
        }

        @Override
        public void end() {
            exchange.close();
        }

        @Override
        public void abort() {
            exchange.abort();
        }
    }
}
