package io.github.modelcache.http.transport;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionReuseStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Requests over HTTP/1.1, one at a time on each connection; straight to the server or through a proxy. */
final class Http1Connections implements Closeable {
    private static final TimeValue KEPT_IDLE = TimeValue.ofSeconds(10);
    /** Other requests may take hours. The library takes "disabled" and "infinite" for "not at all" here. */
    private static final Timeout UNTIL_ONE_IS_FREE = Timeout.ofDays(365);

    private static final Http1Config LIMITS = Http1Config.custom()
            .setBufferSize(16 * 1024)
            .setMaxLineLength(64 * 1024)
            .setMaxHeaderCount(200)
            .build();
    private static final ConnectionReuseStrategy REUSE = DefaultClientConnectionReuseStrategy.INSTANCE;

    private final Timeout idle;
    private final PoolingHttpClientConnectionManager connections;

    Http1Connections(TransportOptions options, Supplier<SSLContext> tls) {
        this(options, tls, InetAddress::getAllByName);
    }

    Http1Connections(TransportOptions options, Supplier<SSLContext> tls, AddressConnector.Resolver resolver) {
        this.idle = timeout(options.idleTimeout());
        Timeout connect = timeout(options.connectTimeout());
        connections = new PoolingHttpClientConnectionManager(
                new AddressConnector(single(tls), resolver),
                PoolConcurrencyPolicy.STRICT,
                PoolReusePolicy.LIFO,
                TimeValue.NEG_ONE_MILLISECOND,
                ManagedHttpClientConnectionFactory.builder()
                        .http1Config(LIMITS)
                        .charCodingConfig(CharCodingConfig.custom()
                                .setCharset(StandardCharsets.ISO_8859_1)
                                .build())
                        .responseParserFactory(new DefaultHttpResponseParserFactory(LIMITS))
                        .build());
        connections.setMaxTotal(options.connections());
        connections.setDefaultMaxPerRoute(options.connections());
        connections.setDefaultSocketConfig(
                SocketConfig.custom().setSoTimeout(idle).setTcpNoDelay(true).build());
        connections.setDefaultConnectionConfig(ConnectionConfig.custom()
                .setConnectTimeout(connect)
                .setSocketTimeout(idle)
                .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                .build());
        boolean impatient = !idle.isDisabled() && idle.compareTo(connect) < 0;
        connections.setDefaultTlsConfig(TlsConfig.custom()
                .setHandshakeTimeout(impatient ? connect : idle)
                .build());
    }

    /** Connects to one address; with a SOCKS proxy, which knows the addresses itself, to a name. */
    private static DefaultHttpClientConnectionOperator single(Supplier<SSLContext> tls) {
        return new DefaultHttpClientConnectionOperator(
                proxy -> new BufferedSocket(proxy == null ? Proxy.NO_PROXY : proxy),
                null,
                new DnsResolver() {
                    @Override
                    public InetAddress[] resolve(String host) {
                        return new InetAddress[0];
                    }

                    @Override
                    public List<InetSocketAddress> resolve(String host, int port) {
                        return List.of(InetSocketAddress.createUnresolved(host, port));
                    }

                    @Override
                    public String resolveCanonicalHostname(String host) {
                        return host;
                    }
                },
                new SecureSockets(tls)::of);
    }

    /** Java's own check of the host's name: the library's would read a list of all public suffixes first. */
    private static final class SecureSockets {
        private final Supplier<SSLContext> tls;
        private @Nullable TlsSocketStrategy strategy;

        SecureSockets(Supplier<SSLContext> tls) {
            this.tls = tls;
        }

        synchronized @Nullable TlsSocketStrategy of(String scheme) {
            if (!"https".equalsIgnoreCase(scheme)) {
                return null;
            }
            TlsSocketStrategy known = strategy == null
                    ? new DefaultClientTlsStrategy(
                            tls.get(), HostnameVerificationPolicy.BUILTIN, NoopHostnameVerifier.INSTANCE)
                    : strategy;
            strategy = known;
            return known;
        }
    }

    private static Timeout timeout(Duration duration) {
        return Timeout.ofMilliseconds(duration.toMillis());
    }

    TransportResponse send(TransportRequest request) throws IOException {
        HttpRoute route = Http1Messages.route(request);
        ConnectionEndpoint endpoint = lease(route);
        boolean kept = endpoint.isConnected();
        if (kept && request.hasContent() && request.method().equals("POST")) {
            endpoint.close(CloseMode.GRACEFUL); // it may be closed at the other end, and a POST is never sent again
            kept = false;
        }
        try {
            return sent(request, route, endpoint);
        } catch (SocketTimeoutException | MalformedAnswerException e) {
            throw e;
        } catch (IOException e) {
            if (!kept || request.hasContent()) {
                throw e;
            }
        }
        ConnectionEndpoint other = lease(route);
        other.close(CloseMode.GRACEFUL); // a new connection will tell
        return sent(request, route, other);
    }

    private TransportResponse sent(TransportRequest request, HttpRoute route, ConnectionEndpoint endpoint)
            throws IOException {
        HttpClientContext context = HttpClientContext.create();
        try {
            connect(request, route, endpoint, context);
            ClassicHttpRequest message = Http1Messages.message(request, route);
            ClassicHttpResponse response = run(endpoint, message, context);
            boolean keeps = REUSE.keepAlive(message, response, context);
            return new Http1Response(response, fit -> release(endpoint, fit && keeps));
        } catch (HttpException | MessageConstraintException e) {
            release(endpoint, false);
            throw new MalformedAnswerException(e);
        } catch (IOException | RuntimeException e) {
            release(endpoint, false);
            throw e;
        }
    }

    /** An answer that breaks the rules of HTTP. */
    private static final class MalformedAnswerException extends IOException {
        private static final long serialVersionUID = 1L;

        MalformedAnswerException(Exception cause) {
            super("the answer is not valid HTTP: " + cause.getMessage(), cause);
        }
    }

    private void connect(
            TransportRequest request, HttpRoute route, ConnectionEndpoint endpoint, HttpClientContext context)
            throws IOException, HttpException {
        if (endpoint.isConnected()) {
            return;
        }
        if (request.proxy().type() == Proxy.Type.SOCKS) {
            context.setAttribute(AddressConnector.SOCKS, request.proxy().address());
        }
        connections.connect(endpoint, null, context);
        if (route.isTunnelled()) {
            openTunnel(request, route, endpoint, context);
            connections.upgrade(endpoint, context);
        }
    }

    private void openTunnel(
            TransportRequest request, HttpRoute route, ConnectionEndpoint endpoint, HttpClientContext context)
            throws IOException, HttpException {
        ClassicHttpRequest connect = Http1Messages.connect(request, route.getTargetHost());
        int status = run(endpoint, connect, context).getCode();
        if (status < 200 || status >= 300) {
            throw new ProxyRefusedException(route.getProxyHost().toHostString(), status);
        }
    }

    private ClassicHttpResponse run(ConnectionEndpoint endpoint, ClassicHttpRequest message, HttpClientContext context)
            throws IOException, HttpException {
        return endpoint.execute(
                "",
                message,
                (request, connection, ignored) -> new Http1Exchange(connection, idle).run(request),
                context);
    }

    private ConnectionEndpoint lease(HttpRoute route) throws IOException {
        LeaseRequest leased = connections.lease("", route, Timeout.DISABLED, null);
        try {
            return leased.get(UNTIL_ONE_IS_FREE);
        } catch (InterruptedException e) {
            leased.cancel();
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting to connect");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("no connection can be made: " + e.getMessage(), e);
        }
    }

    private void release(ConnectionEndpoint endpoint, boolean fit) {
        if (!fit) {
            endpoint.close(CloseMode.IMMEDIATE);
        }
        connections.release(endpoint, null, KEPT_IDLE);
    }

    @Override
    public void close() {
        connections.close(CloseMode.IMMEDIATE);
    }
}
