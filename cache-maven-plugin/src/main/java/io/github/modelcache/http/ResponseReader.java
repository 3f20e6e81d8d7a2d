package io.github.modelcache.http;

import io.github.modelcache.http.TransferException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Reads the bodies of answers that are no downloads: whole, and within a time. */
final class ResponseReader {
    /** 15 MiB in that time are 26 KB a second. */
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(10);
    /** What servers say to something they don't take. */
    private static final int ERROR_TEXT_BYTES = 4 * 1024;

    private final LongSupplier nanos;

    ResponseReader(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether there is a body; an unchanged answer has none. */
    boolean requireOk(URI uri, HttpExchange exchange, boolean unchangedToo) throws TransferException {
        boolean ok = exchange.status() >= 200 && exchange.status() < 300;
        boolean unchanged = unchangedToo && exchange.status() == 304;
        if (!ok && !unchanged) {
            throw TransferErrors.ofStatus(uri, exchange);
        }
        exchange.requireIdentity();
        return ok;
    }

    byte[] body(URI uri, HttpExchange exchange, int maxBytes) throws TransferException {
        byte[][] body = new byte[1][];
        stream(uri, exchange, in -> {
            body[0] = in.readNBytes(maxBytes);
            if (body[0].length == maxBytes && in.read() >= 0) {
                throw tooLong(uri, maxBytes);
            }
        });
        return body[0];
    }

    void stream(URI uri, HttpExchange exchange, BodyReader reader) throws TransferException {
        try (Body in = new Body(uri, exchange.body())) {
            reader.read(in);
            if (in.read() < 0 && exchange.contentLength() > in.count) {
                throw new IOException(
                        "the answer ended after " + in.count + " of " + exchange.contentLength() + " bytes");
            }
        } catch (TransferException e) {
            throw e;
        } catch (IOException e) {
            throw TransferErrors.ofConnection(uri, e);
        }
    }

    static TransferException tooLong(URI uri, int maxBytes) {
        return new TransferException(
                Kind.TOO_LONG,
                Urls.display(uri) + " has more than the " + maxBytes + " bytes that are accepted here; check the URL");
    }

    /** What an error's body begins with; a body that does not come is none. */
    static String start(HttpExchange exchange) {
        try (InputStream in = exchange.body()) {
            return new String(in.readNBytes(ERROR_TEXT_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Counts, and ends a body that comes byte by byte, each just within the time that a connection may be idle. */
    private final class Body extends FilterInputStream {
        private final URI uri;
        private final long start = nanos.getAsLong();
        private long count;

        Body(URI uri, InputStream in) {
            super(in);
            this.uri = uri;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (nanos.getAsLong() - start > LONGEST_ANSWER.toNanos()) {
                // Not tried again: the next attempt would take as long.
                throw new TransferException(
                        Kind.SERVER_ERROR,
                        Urls.display(uri) + " did not send its answer within " + LONGEST_ANSWER.toMinutes()
                                + " minutes; check the URL and the mirror, or try again later");
            }
            int read = super.read(target, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
