package io.github.modelcache.http;

import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.http.transport.HttpTransport;
import io.github.modelcache.http.transport.TransportOptions;
import io.github.modelcache.http.transport.TransportRequest;
import io.github.modelcache.http.transport.TransportResponse;
import java.io.Closeable;
import java.io.IOException;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Opens connections the way the options say; one for all requests of a transfer, so that they are reused. */
final class HttpOpener implements Closeable {
    private static final int MOST_REDIRECTS = 20;
    private static final String AUTHORIZATION = "Authorization";
    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY = 429;
    private static final int PROXY_UNAUTHORIZED = 407;

    private final HttpOptions options;
    private final HttpTransport usual;
    /** Of servers that have time limits of their own. */
    private final ConcurrentMap<TransportOptions, HttpTransport> others = new ConcurrentHashMap<>();

    HttpOpener(HttpOptions options) {
        this(options, HttpTransport.standard(limits(options.limits())));
    }

    HttpOpener(HttpOptions options, HttpTransport transport) {
        this.options = options;
        this.usual = transport;
    }

    private HttpTransport transport(URI uri) {
        TransportOptions limits = limits(options.limitsFor(uri));
        return limits.equals(limits(options.limits()))
                ? usual
                : others.computeIfAbsent(limits, HttpTransport::standard);
    }

    private static TransportOptions limits(HttpOptions.Limits limits) {
        return new TransportOptions(limits.connectTimeout(), limits.idleTimeout(), limits.connections());
    }

    /** Announces the fetch of a file, so that a large one over TLS can be prepared. */
    void expect(URI uri, boolean large) {
        if (large && Urls.scheme(uri).equals("https")) {
            transport(uri).expectLarge();
        }
    }

    @Override
    public void close() {
        usual.close();
        others.values().forEach(HttpTransport::close);
    }

    /**
     * Sends a GET and follows its redirects.
     *
     * @param headers sent on every hop; must not hold secrets
     * @throws TransferException if there is no answer or redirects lead nowhere
     */
    HttpExchange open(URI start, Map<String, String> headers) throws IOException {
        return open(start, HttpRequest.get(headers));
    }

    /**
     * Sends a request and follows its redirects.
     *
     * @throws TransferException if there is no answer or redirects lead nowhere
     * @throws UnreadableFileException if its content can't be read
     */
    HttpExchange open(URI start, HttpRequest request) throws IOException {
        Set<URI> visited = new HashSet<>();
        boolean credentialsSent = false;
        boolean encrypted = false;
        URI uri = start;
        while (visited.add(uri) && visited.size() <= MOST_REDIRECTS + 1) {
            Map<String, String> own = ownHeaders(uri);
            Optional<String> authorization = own.containsKey(AUTHORIZATION) ? Optional.empty() : authorization(uri);
            credentialsSent |= authorization.isPresent() || !own.isEmpty();
            encrypted |= Urls.scheme(uri).equals("https");
            // Not only passwords log in: GitLab's job token is a header of its own.
            Optional<String> login = own.isEmpty() ? authorization : Optional.of(own + authorization.orElse(""));
            HttpExchange exchange = send(uri, request.with(own), authorization, login);
            if (!exchange.isRedirect() || !request.follows(exchange.status())) {
                return exchange;
            }
            URI next = exchange.redirectTarget();
            exchange.close();
            // Only a server that was written with http:// itself may get its password for all to read.
            boolean agreed = !encrypted && Urls.isSameServer(start, next);
            boolean exposed = !agreed && Urls.scheme(next).equals("http");
            if (exposed
                    && ((encrypted && credentialsSent)
                            || authorization(next).isPresent()
                            || !ownHeaders(next).isEmpty())) {
                throw exchange.refused(Urls.display(uri) + " redirects to the unencrypted " + Urls.display(next)
                        + " although credentials are in use; this is not followed, ask the server's owner");
            }
            request.requireFor(exchange, next, encrypted);
            uri = next;
        }
        throw new TransferException(
                Kind.REDIRECT_LOOP,
                Urls.display(start) + " redirects in a loop or more than " + MOST_REDIRECTS + " times, last to "
                        + Urls.display(uri) + "; check the URL and the mirror");
    }

    private Optional<String> authorization(URI uri) throws TransferException {
        Optional<String> value = options.credentials().authorization(uri);
        if (value.isPresent()) {
            requireSendable("the credentials for " + uri.getHost(), value.get());
        }
        return value;
    }

    /** The headers that the user has set for this server, which may hold secrets. */
    private Map<String, String> ownHeaders(URI uri) throws TransferException {
        Map<String, String> own = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        own.putAll(options.servers().of(uri).headers());
        for (Map.Entry<String, String> header : own.entrySet()) {
            requireSendable("the header " + header.getKey() + " for " + uri.getHost(), header.getValue());
        }
        return own;
    }

    /** Java would refuse the header too, but with the secret in its message. */
    private static void requireSendable(String what, String value) throws TransferException {
        if (value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new TransferException(
                    Kind.UNAUTHORIZED,
                    what + " holds a line break or another character that no header may have; check it");
        }
    }

    private HttpExchange send(URI uri, HttpRequest request, Optional<String> authorization, Optional<String> login)
            throws IOException {
        Proxy proxy = options.proxies().select(uri);
        Optional<PasswordAuthentication> proxyLogin = proxy.type() == Proxy.Type.DIRECT
                ? Optional.empty()
                : options.proxies().authentication(uri);
        // The user name and password of a URL are never sent; credentials come from the options.
        TransportRequest wire = new TransportRequest(
                request.method(),
                ascii(uri),
                headers(request, authorization),
                request.content(),
                proxy,
                proxyLogin,
                request.large());
        try {
            TransportResponse reply = withLogin(
                    uri,
                    Urls.server(uri),
                    login,
                    UNAUTHORIZED,
                    () -> withLogin(
                            uri,
                            "the proxy" + ServerOutages.address(proxy),
                            proxyLogin.map(user -> user.getUserName() + ":" + new String(user.getPassword())),
                            PROXY_UNAUTHORIZED,
                            () -> awaited(uri, wire)));
            return new HttpExchange(reply, uri);
        } catch (UnreadableFileException | TransferException e) {
            throw e;
        } catch (IOException e) {
            throw TransferErrors.ofConnection(uri, proxy, e);
        }
    }

    private TransportResponse withLogin(
            URI uri,
            String place,
            Optional<String> secret,
            int refusal,
            RejectedLogins.Sending<TransportResponse> sending)
            throws IOException {
        return options.known()
                .logins()
                .send(
                        uri,
                        place,
                        secret,
                        refusal,
                        sending,
                        reply -> new RejectedLogins.Answered(reply.status(), reply.headers()));
    }

    private TransportResponse awaited(URI uri, TransportRequest wire) throws IOException {
        // A large content takes its time, and that is no silence of the server.
        Duration atMost =
                wire.body().isPresent() ? Duration.ZERO : options.limitsFor(uri).idleTimeout();
        ServerState known = options.known();
        Duration wait = known.budgets().take(uri);
        if (!wait.isZero() && wait.compareTo(options.limits().longestWait()) <= 0) {
            known.outages().pacing(uri, wait);
            options.sleep(uri, wait);
        }
        TransportResponse response = known.outages()
                .answer(uri, wire.proxy(), atMost, () -> transport(uri).send(wire));
        if (response.status() != TOO_MANY) { // whose wait is taken before the next attempt
            known.budgets().learn(uri, response.headers());
        }
        return response;
    }

    private Map<String, String> headers(HttpRequest request, Optional<String> authorization) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("User-Agent", options.userAgent());
        headers.put("Accept", "*/*");
        headers.put("Accept-Encoding", "identity");
        headers.putAll(request.headers());
        authorization.ifPresent(value -> headers.put("Authorization", value));
        return headers;
    }

    private static URI ascii(URI uri) {
        String text = Urls.ascii(uri.toString());
        return text.equals(uri.toString()) ? uri : URI.create(text);
    }
}
