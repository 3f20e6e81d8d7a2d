package io.github.modelcache.http.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Tries each address of a server until one answers, the one that answered last time first. */
final class AddressConnector implements HttpClientConnectionOperator {
    /** The attribute of a context that names the SOCKS proxy to connect through. */
    static final String SOCKS = "model-cache.socks-proxy";

    private static final Timeout MOST_WHILE_OTHERS_ARE_LEFT = Timeout.ofSeconds(5);

    private final HttpClientConnectionOperator single;
    private final Resolver resolver;
    private final Map<String, InetAddress> good = new ConcurrentHashMap<>();

    /** Finds the addresses of a name. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /**
     * A connector.
     *
     * @param single connects to one address
     */
    AddressConnector(HttpClientConnectionOperator single, Resolver resolver) {
        this.single = single;
        this.resolver = resolver;
    }

    @Override
    public void connect(
            ManagedHttpClientConnection connection,
            HttpHost host,
            @Nullable NamedEndpoint name,
            @Nullable InetSocketAddress local,
            Timeout limit,
            SocketConfig config,
            @Nullable Object attachment,
            HttpContext context)
            throws IOException {
        if (context.getAttribute(SOCKS) instanceof SocketAddress proxy) {
            SocketConfig through =
                    SocketConfig.copy(config).setSocksProxyAddress(proxy).build();
            single.connect(connection, host, name, local, limit, through, attachment, context);
            return;
        }
        List<InetAddress> addresses = addresses(host.getHostName());
        for (int i = 0; i < addresses.size(); i++) {
            boolean last = i == addresses.size() - 1;
            HttpHost one = new HttpHost(host.getSchemeName(), addresses.get(i), host.getHostName(), host.getPort());
            try {
                single.connect(
                        connection, one, name, local, last ? limit : shorter(limit), config, attachment, context);
                good.put(host.getHostName(), addresses.get(i));
                return;
            } catch (SSLException e) {
                throw e; // another address has no better certificate
            } catch (IOException e) {
                if (last) {
                    throw e;
                }
            }
        }
    }

    private static Timeout shorter(Timeout limit) {
        return limit.isDisabled() || limit.compareTo(MOST_WHILE_OTHERS_ARE_LEFT) > 0
                ? MOST_WHILE_OTHERS_ARE_LEFT
                : limit;
    }

    private List<InetAddress> addresses(String host) throws IOException {
        List<InetAddress> all = new ArrayList<>(Arrays.asList(resolver.addresses(host)));
        InetAddress known = good.get(host);
        if (known != null && all.remove(known)) {
            all.add(0, known);
        }
        return all;
    }

    @Override
    public void connect(
            ManagedHttpClientConnection connection,
            HttpHost host,
            InetSocketAddress local,
            TimeValue limit,
            SocketConfig config,
            HttpContext context)
            throws IOException {
        connect(
                connection,
                host,
                null,
                local,
                Timeout.of(limit.getDuration(), limit.getTimeUnit()),
                config,
                null,
                context);
    }

    @Override
    public void connect(
            ManagedHttpClientConnection connection,
            HttpHost host,
            @Nullable NamedEndpoint name,
            @Nullable Path unixSocket,
            @Nullable InetSocketAddress local,
            Timeout limit,
            SocketConfig config,
            @Nullable Object attachment,
            HttpContext context)
            throws IOException {
        connect(connection, host, name, local, limit, config, attachment, context);
    }

    @Override
    public void upgrade(ManagedHttpClientConnection connection, HttpHost host, HttpContext context) throws IOException {
        single.upgrade(connection, host, context);
    }

    @Override
    public void upgrade(
            ManagedHttpClientConnection connection,
            HttpHost host,
            @Nullable NamedEndpoint name,
            @Nullable Object attachment,
            HttpContext context)
            throws IOException {
        single.upgrade(connection, host, name, attachment, context);
    }
}
