package io.github.modelcache.http.transport;

import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.RouteInfo.LayerType;
import org.apache.hc.client5.http.RouteInfo.TunnelType;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.net.URIAuthority;

/** Requests as the library wants them: which way they take, and what they say. */
final class Http1Messages {
    private Http1Messages() {}

    /** Straight to the server, through a proxy, or through a tunnel. */
    static HttpRoute route(TransportRequest request) {
        URI uri = request.uri();
        boolean secure = request.isSecure();
        int usual = secure ? 443 : 80;
        HttpHost target =
                new HttpHost(secure ? "https" : "http", uri.getHost(), uri.getPort() < 0 ? usual : uri.getPort());
        Optional<HttpHost> proxy = proxy(request.proxy());
        if (proxy.isEmpty()) {
            return new HttpRoute(target, null, secure);
        }
        return secure
                ? new HttpRoute(target, null, proxy.get(), true, TunnelType.TUNNELLED, LayerType.LAYERED)
                : new HttpRoute(target, null, proxy.get(), false);
    }

    private static Optional<HttpHost> proxy(Proxy proxy) {
        return proxy.type() == Proxy.Type.HTTP && proxy.address() instanceof InetSocketAddress address
                ? Optional.of(new HttpHost("http", address.getHostString(), address.getPort()))
                : Optional.empty();
    }

    /** Asks a proxy for a tunnel to a server. */
    static ClassicHttpRequest connect(TransportRequest request, HttpHost target) {
        ClassicHttpRequest connect = new BasicClassicHttpRequest("CONNECT", target, target.toHostString());
        connect.setHeader("Host", target.toHostString());
        connect.setHeader("User-Agent", request.headers().getOrDefault("User-Agent", ""));
        request.login().ifPresent(login -> connect.setHeader("Proxy-Authorization", basic(login)));
        return connect;
    }

    static ClassicHttpRequest message(TransportRequest request, HttpRoute route) {
        URI uri = request.uri();
        boolean absolute = route.getProxyHost() != null && !route.isTunnelled();
        URIAuthority authority = new URIAuthority(uri.getHost(), uri.getPort());
        BasicClassicHttpRequest message =
                new BasicClassicHttpRequest(request.method(), uri.getScheme(), authority, target(uri));
        message.setAbsoluteRequestUri(absolute);
        message.setHeader("Host", host(route.getTargetHost(), request.isSecure()));
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            message.setHeader(header.getKey(), header.getValue());
        }
        if (absolute) {
            request.login().ifPresent(login -> message.setHeader("Proxy-Authorization", basic(login)));
        }
        request.body().ifPresent(body -> {
            message.setHeader("Content-Length", Long.toString(body.length()));
            message.setEntity(new Http1Exchange.Content(body));
        });
        return message;
    }

    static String target(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    private static String host(HttpHost target, boolean secure) {
        boolean usual = target.getPort() == (secure ? 443 : 80);
        return usual ? new HttpHost(null, target.getHostName(), -1).toHostString() : target.toHostString();
    }

    private static String basic(PasswordAuthentication login) {
        String pair = login.getUserName() + ":" + new String(login.getPassword());
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
