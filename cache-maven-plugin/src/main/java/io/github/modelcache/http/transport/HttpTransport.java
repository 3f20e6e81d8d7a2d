package io.github.modelcache.http.transport;

import java.io.Closeable;
import java.io.IOException;
import java.net.Proxy;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over connections that are kept for the next one. For several threads. Small answers over https share one
 * connection where the server speaks HTTP/2; a large one has a connection of its own.
 *
 * <p>A request whose kept connection turns out to be closed is sent once more over a new one if it has no content. No
 * content is sent twice.
 */
public final class HttpTransport implements Closeable {
    private final TransportOptions options;
    private final Supplier<SSLContext> tls;
    private @Nullable Connections opened;
    private @Nullable DecryptionWarmUp warmUp;

    private record Connections(Http1Connections http1, Http2Connections http2) {}

    /**
     * Opens no connection yet.
     *
     * @param tls asked when the first secure connection is made
     */
    public HttpTransport(TransportOptions options, Supplier<SSLContext> tls) {
        this.options = options;
        this.tls = tls;
    }

    /** Most builds send no request, and loading the library takes a while. */
    private synchronized Connections connections() {
        Connections known = opened;
        if (known == null) {
            LibraryLogs.quiet();
            known = new Connections(new Http1Connections(options, tls), new Http2Connections(options, tls));
            opened = known;
        }
        return known;
    }

    /** With the trust that this Java is configured for, for example by {@code -Djavax.net.ssl.trustStore}. */
    public static HttpTransport standard(TransportOptions options) {
        return new HttpTransport(options, HttpTransport::systemTrust);
    }

    private static SSLContext systemTrust() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no usable TLS: " + e.getMessage(), e);
        }
    }

    /**
     * Sends a request and reads the head of its answer.
     *
     * @throws ProxyRefusedException if the proxy opens no tunnel
     * @throws IOException if there is no answer; errors of the request's content as they are
     */
    public TransportResponse send(TransportRequest request) throws IOException {
        boolean shares = request.isSecure()
                && !request.large()
                && request.body().isEmpty()
                && request.proxy().type() == Proxy.Type.DIRECT;
        Connections connections = connections();
        Optional<TransportResponse> reply = shares ? connections.http2().send(request) : Optional.empty();
        if (reply.isPresent()) {
            return reply.get();
        }
        TransportResponse own = connections.http1().send(request);
        try {
            if (request.isSecure() && request.large()) {
                awaitWarmUp();
            }
            return own;
        } catch (IOException e) {
            own.abort();
            throw e;
        }
    }

    /** A large content is about to be fetched over TLS. */
    public synchronized void expectLarge() {
        if (warmUp == null) {
            warmUp = DecryptionWarmUp.begin();
        }
    }

    private void awaitWarmUp() throws IOException {
        DecryptionWarmUp begun;
        synchronized (this) {
            begun = warmUp;
        }
        if (begun != null) {
            begun.await();
        }
    }

    /** Closes all connections. */
    @Override
    public synchronized void close() {
        if (opened != null) {
            opened.http1().close();
            opened.http2().close();
        }
    }
}
