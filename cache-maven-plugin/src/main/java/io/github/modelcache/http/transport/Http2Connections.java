package io.github.modelcache.http.transport;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Requests without a content over https, many at once over one connection where the server speaks HTTP/2. A server that
 * does not, or that loses its connection again and again, is left to {@link Http1Connections}.
 */
final class Http2Connections implements Closeable {
    private static final int MOST_STREAMS = 100;
    private static final int MOST_CONNECTIONS = 4;
    private static final int MOST_LOSSES = 3;
    /** What one stream may hold in memory before somebody reads it. */
    private static final int WINDOW_BYTES = 128 * 1024;

    private static final Duration MOST_TO_CONNECT = Duration.ofSeconds(5);

    private final TransportOptions options;
    private final Supplier<SSLContext> tls;
    private final AddressConnector.Resolver resolver;
    private final ConcurrentMap<String, Server> servers = new ConcurrentHashMap<>();
    private @Nullable CloseableHttpAsyncClient client;
    private boolean closed;

    Http2Connections(TransportOptions options, Supplier<SSLContext> tls) {
        this(options, tls, InetAddress::getAllByName);
    }

    Http2Connections(TransportOptions options, Supplier<SSLContext> tls, AddressConnector.Resolver resolver) {
        this.options = options;
        this.tls = tls;
        this.resolver = resolver;
    }

    /** What is known of a server. While one request finds out, the others wait. */
    private static final class Server {
        private enum Protocol {
            UNKNOWN,
            HTTP1,
            HTTP2
        }

        private Protocol protocol = Protocol.UNKNOWN;
        private final Object starting = new Object();
        private boolean beingAsked;
        private int losses;

        /** Waits until the protocol is known; returns whether the caller is the one to find out. */
        synchronized boolean isFirst() throws InterruptedIOException {
            while (protocol == Protocol.UNKNOWN && beingAsked) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("interrupted while waiting for a connection");
                }
            }
            beingAsked |= protocol == Protocol.UNKNOWN;
            return protocol == Protocol.UNKNOWN;
        }

        synchronized boolean speaksHttp1() {
            return protocol == Protocol.HTTP1;
        }

        /** The first exchange is over, and its connection can be shared. */
        synchronized void found(Optional<Boolean> http2) {
            beingAsked = false;
            http2.ifPresent(yes -> protocol = yes ? Protocol.HTTP2 : Protocol.HTTP1);
            notifyAll();
        }

        synchronized void lost() {
            losses++;
            protocol = losses >= MOST_LOSSES ? Protocol.HTTP1 : Protocol.UNKNOWN;
        }
    }

    /** Sends a request; empty where the server has to be asked over HTTP/1.1. */
    Optional<TransportResponse> send(TransportRequest request) throws IOException {
        Server server =
                servers.computeIfAbsent(request.uri().getRawAuthority().toLowerCase(Locale.ROOT), name -> new Server());
        for (int attempt = 1; ; attempt++) {
            try {
                return sent(request, server);
            } catch (ConnectionLostException e) {
                server.lost();
                if (attempt > MOST_LOSSES) {
                    throw e;
                }
                // The request has no content, so it may be sent again; a connection that is being closed may be met
                // twice.
            }
        }
    }

    private Optional<TransportResponse> sent(TransportRequest request, Server server) throws IOException {
        boolean first = server.isFirst();
        if (server.speaksHttp1()) {
            return Optional.empty();
        }
        StreamedResponse reply = new StreamedResponse(options, first ? Optional.of(server::found) : Optional.empty());
        BasicRequestProducer producer = new BasicRequestProducer(message(request), null);
        // The library shares a connection only while it is in use. Of many requests that begin at once, each would open
        // another one.
        synchronized (server.starting) {
            reply.begin(client().execute(producer, reply, null, reply.outcome()));
        }
        reply.awaitHead();
        return Optional.of(reply);
    }

    private static BasicHttpRequest message(TransportRequest request) {
        URI uri = request.uri();
        BasicHttpRequest message = new BasicHttpRequest(
                request.method(), "https", new URIAuthority(uri.getHost(), uri.getPort()), Http1Messages.target(uri));
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            message.setHeader(header.getKey(), header.getValue());
        }
        return message;
    }

    private synchronized CloseableHttpAsyncClient client() throws IOException {
        if (closed) {
            throw new IOException("the connections are closed");
        }
        CloseableHttpAsyncClient known = client;
        if (known == null) {
            known = HttpAsyncClients.createMinimal(
                    H2Config.custom()
                            .setPushEnabled(false)
                            .setMaxConcurrentStreams(MOST_STREAMS)
                            .setInitialWindowSize(WINDOW_BYTES)
                            .build(),
                    Http1Config.custom().setInitialWindowSize(WINDOW_BYTES).build(),
                    IOReactorConfig.custom()
                            .setIoThreadCount(1)
                            .setTcpNoDelay(true)
                            .build(),
                    connections());
            known.start();
            client = known;
        }
        return known;
    }

    private PoolingAsyncClientConnectionManager connections() {
        Duration connect = options.connectTimeout();
        boolean patient = connect.isZero() || connect.compareTo(MOST_TO_CONNECT) > 0;
        Timeout idle = Timeout.ofMilliseconds(options.idleTimeout().toMillis());
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setTlsStrategy(new DefaultClientTlsStrategy(
                        tls.get(), HostnameVerificationPolicy.BUILTIN, NoopHostnameVerifier.INSTANCE))
                .setDnsResolver(new SystemDefaultDnsResolver() {
                    @Override
                    public InetAddress[] resolve(String host) throws UnknownHostException {
                        return resolver.addresses(host);
                    }
                })
                .setMessageMultiplexing(true)
                .setMaxConnPerRoute(MOST_CONNECTIONS)
                .setMaxConnTotal(Integer.MAX_VALUE)
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(HttpVersionPolicy.NEGOTIATE)
                        .setHandshakeTimeout(idle)
                        .build())
                // No time limit for the connection: each reply has its own, and one silent stream must not end the
                // others.
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.ofMilliseconds((patient ? MOST_TO_CONNECT : connect).toMillis()))
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .build())
                .build();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close(CloseMode.IMMEDIATE);
        }
    }
}
