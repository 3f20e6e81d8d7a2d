package io.github.modelcache.http;

import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Through which proxy a request goes. */
@FunctionalInterface
public interface ProxySelection {
    /** Straight to the server, whatever the system says. */
    ProxySelection NONE = uri -> Proxy.NO_PROXY;

    /** As this Java is configured, for example by {@code -Dhttps.proxyHost}. */
    ProxySelection SYSTEM = ProxySelection::systemProxy;

    /** The proxy for a URI; {@link Proxy#NO_PROXY} for none. */
    Proxy select(URI uri);

    /**
     * The user name and password of the proxy that {@link #select} names for this URI.
     *
     * @throws TransferException if there are some that can't be used, such as a password that can't be decrypted
     */
    default Optional<PasswordAuthentication> authentication(URI uri) throws TransferException {
        return Optional.empty();
    }

    private static Proxy systemProxy(URI uri) {
        ProxySelector selector = ProxySelector.getDefault();
        List<Proxy> proxies = selector == null ? List.of() : selector.select(uri);
        return proxies.isEmpty() ? Proxy.NO_PROXY : proxies.get(0);
    }
}
