package io.github.modelcache.http;

import io.github.modelcache.digest.BufferPool;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.http.TransferException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Fetches files over HTTP, and sends some: resumed, hashed while they stream, retried with patience, redirects followed by hand.
 *
 * <p>Requests go through {@link io.github.modelcache.http.transport.HttpTransport}. What an answer means is decided here and in the
 * package-private classes beside it.
 *
 * <p>Credentials are asked for each hop of a redirect, for that hop's own scheme, host and port. A redirect from https
 * to http is refused once credentials were sent, or where the next host would get some, or the content. Messages never hold a query string, a user name or a token.
 *
 * <p>Waiting times before another attempt are 1, 2, 4, 8 and 8 s, or what a 429 or 503 answer asks for in
 * {@code Retry-After}, {@code RateLimit} or {@code RateLimit-Reset}, at most {@link HttpOptions#longestWait}.
 *
 * <p>An HTTP proxy gets its user name and password at once (Basic). SOCKS proxies take no password from here.
 *
 * <p>An instance may be used by several threads at once. Closing it closes its connections.
 */
public final class HttpTransfer implements AutoCloseable {
    private static final Set<String> SECRET_HEADERS = Set.of("authorization", "proxy-authorization", "cookie");
    private static final int CREATED = 201;
    /** What servers say to something they were sent. */
    private static final int SHORT_ANSWER_BYTES = 64 * 1024;
    /** What servers say to something they don't take. */
    private static final int ERROR_TEXT_BYTES = 4 * 1024;

    /** 15 MiB in that time are 26 KB a second. */
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(10);

    private final HttpOptions options;
    private final LongSupplier nanos;
    private final HttpExchange.Opener opener;
    /** With a hundred small files at once, large buffers would take 25 MB. */
    private static final int SHORT_BYTES = 32 * 1024;

    private final Lanes lanes;
    private final BufferPool buffers = new BufferPool();
    private final BufferPool shortBuffers = new BufferPool(SHORT_BYTES);

    /** A transfer that behaves as {@code options} say. */
    public HttpTransfer(HttpOptions options) {
        this(options, System::nanoTime);
    }

    HttpTransfer(HttpOptions options, LongSupplier nanos) {
        this(options, nanos, new HttpExchange.Opener(options));
    }

    HttpTransfer(HttpOptions options, LongSupplier nanos, HttpExchange.Opener opener) {
        this(options, nanos, opener, Lanes.of(options.connections()));
    }

    HttpTransfer(HttpOptions options, LongSupplier nanos, HttpExchange.Opener opener, Lanes lanes) {
        this.options = options;
        this.nanos = nanos;
        this.opener = opener;
        this.lanes = lanes;
    }

    @Override
    public void close() {
        opener.close();
    }

    /**
     * Fetches {@code uri} into {@code partial}, going on from what an earlier run left there.
     *
     * <p>What is there is hashed and continued if it is surely a part of the same content: the sidecar
     * {@code <partial>.etag} knows its validator for this URL, or the expected digest will tell. Otherwise, or where
     * the server does not continue it, the file is fetched from zero. If what is there is already complete, no request
     * is sent. After success {@code partial} is complete and has no sidecar; it is not flushed to the disk, which
     * {@link AtomicFiles#publish} does. After a failure what arrived stays for the next run, unless it is known to be
     * wrong. Only one thread or process may fetch into one partial file.
     *
     * @param uri an http, https or file URL
     * @param partial where it is written; parent folders are created, a link there is replaced
     * @throws TransferException if it cannot be fetched, with the kind of reason
     * @throws IOException if {@code partial} cannot be written, or the thread is interrupted
     */
    public TransferResult fetch(URI uri, Path partial, ExpectedContent expected, TransferProgress progress)
            throws TransferException, IOException {
        try {
            TransferResult transferred = run(uri, partial, expected, progress);
            progress.succeeded();
            return transferred;
        } catch (IOException | RuntimeException e) {
            progress.failed(e);
            throw e;
        }
    }

    /**
     * Reads a small answer into memory.
     *
     * @param uri an http, https or file URL
     * @param headers sent along, on every hop of a redirect; secrets come from the {@link Credentials} instead
     * @param maxBytes the longest body that is accepted, in bytes
     * @return an answer with a status from 200 to 299, or 304
     * @throws TransferException if there is none, or any other status, with the answer's headers
     * @throws IOException if the thread is interrupted
     * @throws IllegalArgumentException if {@code headers} hold credentials
     */
    public BufferedResponse get(URI uri, Map<String, String> headers, int maxBytes)
            throws TransferException, IOException {
        requireNoSecrets(headers);
        if (isFile(uri)) {
            return readFile(uri, maxBytes);
        }
        requireHttp(uri);
        return retried(uri, () -> {
            try (HttpExchange exchange = opener.open(uri, headers)) {
                return read(uri, exchange, maxBytes);
            }
        });
    }

    /** Who reads the body of an answer as it arrives. It may stop before the end, and is asked again after a failure. */
    @FunctionalInterface
    public interface BodyReader {
        /**
         * Reads.
         *
         * @throws IOException of the body itself only
         */
        void read(InputStream body) throws IOException;
    }

    /**
     * Reads an answer of any length as it arrives; nothing of it is kept.
     *
     * @param uri an http or https URL
     * @param headers sent along, on every hop of a redirect; secrets come from the {@link Credentials} instead
     * @return the answer without its body, with a status from 200 to 299
     * @throws TransferException if there is none, or any other status, with the answer's headers
     * @throws IOException if the thread is interrupted
     */
    public BufferedResponse read(URI uri, Map<String, String> headers, BodyReader reader)
            throws TransferException, IOException {
        requireNoSecrets(headers);
        requireHttp(uri);
        return retried(uri, () -> {
            try (HttpExchange exchange = opener.open(uri, headers)) {
                requireOk(uri, exchange, false);
                read(uri, exchange, reader);
                return new BufferedResponse(exchange.uri(), exchange.status(), exchange.headers(), new byte[0]);
            }
        });
    }

    private void read(URI uri, HttpExchange exchange, BodyReader reader) throws TransferException {
        try (CountedStream in = new CountedStream(new HurriedStream(exchange.body(), () -> tooSlow(uri)))) {
            reader.read(in);
            if (in.read() < 0) {
                requireWhole(exchange, in.count());
            }
        } catch (TransferException e) {
            throw e;
        } catch (IOException e) {
            throw TransferErrors.ofConnection(uri, e);
        }
    }

    private static void requireWhole(HttpExchange exchange, long bytes) throws IOException {
        if (exchange.contentLength() > bytes) {
            throw new IOException("the answer ended after " + bytes + " of " + exchange.contentLength() + " bytes");
        }
    }

    /** Counts what was read. */
    private static final class CountedStream extends FilterInputStream {
        private long count;

        CountedStream(InputStream in) {
            super(in);
        }

        long count() {
            return count;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }

    /**
     * Asks for the head of an answer only.
     *
     * @return an answer with a status from 200 to 299, or 304, and no body
     * @throws TransferException if there is none, or any other status
     * @throws IOException if the thread is interrupted
     */
    public BufferedResponse head(URI uri, Map<String, String> headers) throws TransferException, IOException {
        requireNoSecrets(headers);
        requireHttp(uri);
        return retried(uri, () -> asked(uri, new HttpRequest("HEAD", headers, Optional.empty())));
    }

    /**
     * Sends a small content that may be sent again if that fails for a moment.
     *
     * @param method POST or PUT
     * @throws TransferException if it is not taken
     * @throws IOException if the thread is interrupted
     */
    public BufferedResponse send(String method, URI uri, Map<String, String> headers, byte[] content)
            throws TransferException, IOException {
        return send(method, uri, headers, HttpContent.of(content));
    }

    /**
     * Posts a small content that holds a password or a token: only the server that is asked gets it. Where that redirects
     * with the content to another scheme, host or port, it is an error.
     *
     * @throws TransferException if it is not taken
     * @throws IOException if the thread is interrupted
     */
    public BufferedResponse sendSecret(URI uri, Map<String, String> headers, byte[] content)
            throws TransferException, IOException {
        return send("POST", uri, headers, HttpContent.ofSecret(content));
    }

    private BufferedResponse send(String method, URI uri, Map<String, String> headers, HttpContent content)
            throws IOException {
        requireNoSecrets(headers);
        requireHttp(uri);
        HttpRequest request = new HttpRequest(method, headers, Optional.of(content));
        return retried(uri, () -> asked(uri, request));
    }

    /**
     * Asks by POST where a content may be put, and puts it there. If that fails for a moment, both are done again, because
     * a place that was written to in part is of no use. A server that is asked over https and names a place over http is
     * refused: the content would travel for all to read.
     *
     * @param uri who is asked; an answer with status 201 means that nothing has to be sent
     * @param completed makes the address to put to of the one that the server names
     * @return whether something was sent
     * @throws TransferException if it is not taken
     * @throws UnreadableFileException if the content can't be read
     * @throws IOException if the thread is interrupted
     */
    public boolean upload(URI uri, UnaryOperator<URI> completed, Map<String, String> headers, HttpContent content)
            throws TransferException, IOException {
        requireNoSecrets(headers);
        requireHttp(uri);
        HttpRequest place = new HttpRequest("POST", Map.of(), Optional.of(HttpContent.of(new byte[0])));
        AtomicBoolean sent = new AtomicBoolean();
        retried(uri, () -> {
            BufferedResponse named = asked(uri, place);
            if (named.status() == CREATED) {
                return named;
            }
            HttpRequest put = new HttpRequest("PUT", headers, Optional.of(content));
            BufferedResponse taken = asked(completed.apply(location(uri, named)), put);
            sent.set(true);
            return taken;
        });
        return sent.get();
    }

    private static URI location(URI uri, BufferedResponse answer) throws TransferException {
        Optional<URI> target = answer.header("Location").flatMap(location -> Urls.resolve(answer.uri(), location));
        if (target.isPresent() && Urls.isHttp(target.get())) {
            requireAsSecure(uri, answer, target.get());
            return target.get();
        }
        throw new TransferException(
                Kind.SERVER_ERROR,
                Urls.display(uri) + " answered " + answer.status() + " but names no place to send the file to; check"
                        + " that this is the address of such a server",
                answer.status(),
                answer.headers(),
                null);
    }

    private static void requireAsSecure(URI uri, BufferedResponse answer, URI place) throws TransferException {
        if (Urls.scheme(uri).equals("https") && Urls.scheme(place).equals("http")) {
            throw new TransferException(
                    Kind.SERVER_ERROR,
                    Urls.display(uri) + " names the unencrypted " + Urls.display(place) + " as the place to send the"
                            + " file to; nothing is sent there. A server behind a proxy has to know its own public"
                            + " address; ask its owner",
                    answer.status(),
                    answer.headers(),
                    null);
        }
    }

    private BufferedResponse asked(URI uri, HttpRequest request) throws IOException {
        try (HttpExchange exchange = opener.open(uri, request)) {
            boolean taken = exchange.status() >= 200 && exchange.status() < 300;
            if (!taken) {
                throw TransferErrors.ofStatus(uri, exchange, request.isHead() ? "" : start(exchange));
            }
            byte[] body = request.isHead() ? new byte[0] : body(uri, exchange, SHORT_ANSWER_BYTES);
            return new BufferedResponse(exchange.uri(), exchange.status(), exchange.headers(), body);
        }
    }

    /** What an error's body begins with; a body that does not come is none. */
    private static String start(HttpExchange exchange) {
        try (InputStream in = exchange.body()) {
            return new String(in.readNBytes(ERROR_TEXT_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @FunctionalInterface
    private interface Attempt {
        BufferedResponse run() throws IOException;
    }

    private BufferedResponse retried(URI uri, Attempt attempt) throws IOException {
        Retries retries = new Retries(uri, options);
        while (true) {
            try {
                return attempt.run();
            } catch (TransferException e) {
                retries.next(e);
            }
        }
    }

    private static void requireNoSecrets(Map<String, String> headers) {
        for (String name : headers.keySet()) {
            if (SECRET_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("the header " + name + " comes from the credentials only");
            }
        }
    }

    private TransferResult run(URI uri, Path partial, ExpectedContent expected, TransferProgress progress)
            throws IOException {
        if (!isFile(uri)) {
            requireHttp(uri);
        }
        try (PartialFile file = PartialFile.open(partial, expected)) {
            DownloadOrder order = new DownloadOrder(uri, file, expected, progress, opener, buffers(expected));
            Download download = new Download(order, new Retries(uri, options), lanes);
            try {
                return isFile(uri) ? download.fromFile(path(uri)) : download.fromServer();
            } catch (IOException | RuntimeException e) {
                file.deleteIfEmpty();
                throw e;
            }
        }
    }

    private BufferPool buffers(ExpectedContent expected) {
        return expected.size() >= 0 && expected.size() <= SHORT_BYTES ? shortBuffers : buffers;
    }

    private BufferedResponse read(URI uri, HttpExchange exchange, int maxBytes) throws TransferException {
        boolean ok = requireOk(uri, exchange, true);
        byte[] body = ok ? body(uri, exchange, maxBytes) : new byte[0];
        return new BufferedResponse(exchange.uri(), exchange.status(), exchange.headers(), body);
    }

    /** Whether there is a body; an unchanged answer has none. */
    private static boolean requireOk(URI uri, HttpExchange exchange, boolean unchangedToo) throws TransferException {
        boolean ok = exchange.status() >= 200 && exchange.status() < 300;
        boolean unchanged = unchangedToo && exchange.status() == 304;
        if (!ok && !unchanged) {
            throw TransferErrors.ofStatus(uri, exchange);
        }
        String encoding = exchange.header("Content-Encoding").orElse("identity").strip();
        if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
            throw TransferErrors.ofEncoding(exchange, encoding);
        }
        return ok;
    }

    private byte[] body(URI uri, HttpExchange exchange, int maxBytes) throws TransferException {
        try (InputStream in = new HurriedStream(exchange.body(), () -> tooSlow(uri))) {
            byte[] body = in.readNBytes(maxBytes);
            if (body.length == maxBytes && in.read() >= 0) {
                throw tooLong(uri, maxBytes);
            }
            requireWhole(exchange, body.length);
            return body;
        } catch (TransferException e) {
            throw e;
        } catch (IOException e) {
            throw TransferErrors.ofConnection(uri, e);
        }
    }

    private static TransferException tooSlow(URI uri) {
        // Not tried again: the next attempt would take as long.
        return new TransferException(
                Kind.SERVER_ERROR,
                Urls.display(uri) + " did not send its answer within " + LONGEST_ANSWER.toMinutes()
                        + " minutes; check the URL and the mirror, or try again later",
                null);
    }

    /** Ends a body that comes byte by byte, each just within the time that a connection may be idle. */
    private final class HurriedStream extends FilterInputStream {
        private final Supplier<TransferException> late;
        private final long start = nanos.getAsLong();

        HurriedStream(InputStream in, Supplier<TransferException> late) {
            super(in);
            this.late = late;
        }

        @Override
        public int read() throws IOException {
            requireTime();
            return super.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            requireTime();
            return super.read(target, offset, length);
        }

        private void requireTime() throws TransferException {
            if (nanos.getAsLong() - start > LONGEST_ANSWER.toNanos()) {
                throw late.get();
            }
        }
    }

    private static BufferedResponse readFile(URI uri, int maxBytes) throws IOException {
        Path file = path(uri);
        try (InputStream in = RegularFile.stream(file)) {
            byte[] body = in.readNBytes(maxBytes);
            if (body.length == maxBytes && in.read() >= 0) {
                throw tooLong(uri, maxBytes);
            }
            return new BufferedResponse(uri, 200, Map.of(), body);
        } catch (NoSuchFileException e) {
            throw new TransferException(Kind.NOT_FOUND, file + ": there is no such file; check the URL", e);
        }
    }

    private static TransferException tooLong(URI uri, int maxBytes) {
        return new TransferException(
                Kind.TOO_LONG,
                Urls.display(uri) + " has more than the " + maxBytes + " bytes that are accepted here; check the URL",
                null);
    }

    private static boolean isFile(URI uri) {
        return Urls.scheme(uri).equals("file");
    }

    private static Path path(URI uri) throws TransferException {
        try {
            return Path.of(uri);
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            throw new TransferException(
                    Kind.CLIENT_ERROR,
                    Urls.display(uri) + " is not the URL of a file; write it like file:///folder/name",
                    e);
        }
    }

    private static void requireHttp(URI uri) throws TransferException {
        if (!Urls.isHttp(uri)) {
            throw new TransferException(
                    Kind.CLIENT_ERROR,
                    Urls.display(uri)
                            + " cannot be fetched; only http, https and file URLs can, with no port above 65535",
                    null);
        }
    }
}
