package io.github.modelcache.http;

import io.github.modelcache.digest.BufferPool;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.http.TransferException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
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
 * {@code Retry-After}, {@code RateLimit} or {@code RateLimit-Reset}, at most {@link HttpOptions.Limits#longestWait}.
 *
 * <p>An HTTP proxy gets its user name and password at once (Basic). SOCKS proxies take no password from here.
 *
 * <p>An instance may be used by several threads at once. Closing it closes its connections.
 */
public final class HttpTransfer implements AutoCloseable {
    private static final int CREATED = 201;
    /** What servers say to something they were sent. */
    private static final int SHORT_ANSWER_BYTES = 64 * 1024;

    private final HttpOptions options;
    private final LongSupplier nanos;
    private final HttpOpener opener;
    /** With a hundred small files at once, large buffers would take 25 MB. */
    private static final int SHORT_BYTES = 32 * 1024;

    private final ConnectionLimits limits;
    private final BufferPool buffers = new BufferPool();
    private final BufferPool shortBuffers = new BufferPool(SHORT_BYTES);

    /** A transfer that behaves as {@code options} say. */
    public HttpTransfer(HttpOptions options) {
        this(options, System::nanoTime);
    }

    HttpTransfer(HttpOptions options, LongSupplier nanos) {
        this(options, nanos, new HttpOpener(options));
    }

    HttpTransfer(HttpOptions options, LongSupplier nanos, HttpOpener opener) {
        this(options, nanos, opener, ConnectionLimits.of(options.limits().connections()));
    }

    HttpTransfer(HttpOptions options, LongSupplier nanos, HttpOpener opener, ConnectionLimits limits) {
        this.options = options;
        this.nanos = nanos;
        this.opener = opener;
        this.limits = limits;
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
        HttpRequest.requireNoSecrets(headers);
        if (FileUrls.is(uri)) {
            return FileUrls.read(uri, maxBytes);
        }
        requireHttp(uri);
        return retried(uri, () -> {
            try (HttpExchange exchange = opener.open(uri, headers)) {
                return read(uri, exchange, maxBytes);
            }
        });
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
    public BufferedResponse read(URI uri, Map<String, String> headers, BodyReader body)
            throws TransferException, IOException {
        HttpRequest.requireNoSecrets(headers);
        requireHttp(uri);
        return retried(uri, () -> {
            try (HttpExchange exchange = opener.open(uri, headers)) {
                reader().requireOk(uri, exchange, false);
                reader().stream(uri, exchange, body);
                return new BufferedResponse(exchange.uri(), exchange.status(), exchange.headers(), new byte[0]);
            }
        });
    }

    /**
     * Asks for the head of an answer only.
     *
     * @return an answer with a status from 200 to 299, or 304, and no body
     * @throws TransferException if there is none, or any other status
     * @throws IOException if the thread is interrupted
     */
    public BufferedResponse head(URI uri, Map<String, String> headers) throws TransferException, IOException {
        HttpRequest.requireNoSecrets(headers);
        requireHttp(uri);
        return retried(uri, () -> asked(uri, new HttpRequest("HEAD", headers, Optional.empty())));
    }

    /**
     * Sends a small content. A PUT is sent again if that fails for a moment, a POST only if it has surely not arrived.
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
        HttpRequest.requireNoSecrets(headers);
        requireHttp(uri);
        HttpRequest request = new HttpRequest(method, headers, Optional.of(content));
        boolean once = method.equals("POST") && content.length() > 0;
        return retried(uri, once, () -> asked(uri, request));
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
        HttpRequest.requireNoSecrets(headers);
        requireHttp(uri);
        HttpRequest place = new HttpRequest("POST", Map.of(), Optional.of(HttpContent.of(new byte[0])));
        AtomicBoolean sent = new AtomicBoolean();
        retried(uri, () -> {
            BufferedResponse named = asked(uri, place);
            if (named.status() == CREATED) {
                return named;
            }
            HttpRequest put = new HttpRequest("PUT", headers, Optional.of(content));
            BufferedResponse taken = asked(completed.apply(UploadPlace.of(uri, named)), put);
            sent.set(true);
            return taken;
        });
        return sent.get();
    }

    private BufferedResponse asked(URI uri, HttpRequest request) throws IOException {
        try (HttpExchange exchange = opener.open(uri, request)) {
            boolean taken = exchange.status() >= 200 && exchange.status() < 300;
            if (!taken) {
                throw TransferErrors.ofStatus(uri, exchange, request.isHead() ? "" : ResponseReader.start(exchange));
            }
            byte[] body = request.isHead() ? new byte[0] : reader().body(uri, exchange, SHORT_ANSWER_BYTES);
            return new BufferedResponse(exchange.uri(), exchange.status(), exchange.headers(), body);
        }
    }

    @FunctionalInterface
    private interface Attempt {
        BufferedResponse run() throws IOException;
    }

    private BufferedResponse retried(URI uri, Attempt attempt) throws IOException {
        return retried(uri, false, attempt);
    }

    /** Asks again after a passing failure; {@code once} if only where the server has surely done nothing yet. */
    private BufferedResponse retried(URI uri, boolean once, Attempt attempt) throws IOException {
        Retries retries = new Retries(uri, options);
        while (true) {
            try {
                return attempt.run();
            } catch (TransferException e) {
                if (once && TransferErrors.isTransient(e) && TransferErrors.mayHaveArrived(e)) {
                    throw e.saying(e.getMessage() + ". It is not sent again, because it may have arrived");
                }
                retries.next(e);
            }
        }
    }

    private TransferResult run(URI uri, Path partial, ExpectedContent expected, TransferProgress progress)
            throws IOException {
        if (!FileUrls.is(uri)) {
            requireHttp(uri);
        }
        try (PartialFile file = PartialFile.open(partial, expected)) {
            DownloadOrder order = new DownloadOrder(uri, file, expected, progress, opener, buffers(expected));
            Download download = new Download(order, new Retries(uri, options), limits);
            try {
                return FileUrls.is(uri) ? download.fromFile(FileUrls.path(uri)) : download.fromServer();
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
        boolean ok = reader().requireOk(uri, exchange, true);
        byte[] body = ok ? reader().body(uri, exchange, maxBytes) : new byte[0];
        return new BufferedResponse(exchange.uri(), exchange.status(), exchange.headers(), body);
    }

    private ResponseReader reader() {
        return new ResponseReader(nanos);
    }

    private static void requireHttp(URI uri) throws TransferException {
        if (!Urls.isHttp(uri)) {
            throw new TransferException(
                    Kind.CLIENT_ERROR,
                    Urls.display(uri)
                            + " cannot be fetched; only http, https and file URLs can, with no port above 65535");
        }
    }
}
