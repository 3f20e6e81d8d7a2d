package io.github.modelcache.http;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is asked of a server, without where.
 *
 * @param method GET, HEAD, POST or PUT
 * @param headers sent on every hop; must not hold secrets
 * @param content what is sent along; empty for a GET and a HEAD
 * @param large whether its answer may be so long that it should have a connection of its own
 */
record HttpRequest(String method, Map<String, String> headers, Optional<HttpContent> content, boolean large) {
    private static final Set<String> SECRET_HEADERS = Set.of("authorization", "proxy-authorization", "cookie");

    /** A request with a short answer. */
    HttpRequest(String method, Map<String, String> headers, Optional<HttpContent> content) {
        this(method, headers, content, false);
    }

    /** A GET. */
    static HttpRequest get(Map<String, String> headers) {
        return new HttpRequest("GET", headers, Optional.empty());
    }

    /** The same with headers of one server, which take the place of those of the same name. */
    HttpRequest with(Map<String, String> own) {
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(headers);
        own.forEach((name, value) -> {
            all.remove(name); // its spelling too
            all.put(name, value);
        });
        return new HttpRequest(method, all, content, large);
    }

    /** Whether its answer has no body, whatever its head says. */
    boolean isHead() {
        return method.equals("HEAD");
    }

    /**
     * Makes sure that a redirect gives the content to nobody who must not see it.
     *
     * @param exchange what redirects
     * @param encrypted whether anything was asked over https so far
     */
    void requireFor(HttpExchange exchange, URI next, boolean encrypted) throws TransferException {
        boolean sends = content.isPresent() && content.get().length() > 0;
        boolean exposed = sends && encrypted && Urls.scheme(next).equals("http");
        boolean handedOn = sends && content.get().isSecret() && !Urls.isSameServer(exchange.uri(), next);
        if (exposed || handedOn) {
            throw exchange.refused(Urls.display(exchange.uri()) + " redirects to "
                    + (exposed ? "the unencrypted " : "another server, ")
                    + Urls.display(next) + ", which would get what was sent "
                    + (exposed ? "for all to read" : "although it holds a secret")
                    + "; this is not followed, ask the server's owner");
        }
    }

    /** Whether a server may send it elsewhere by this status without a change of its method. */
    boolean follows(int status) {
        boolean reads = method.equals("GET") || isHead();
        return reads || status == 307 || status == 308;
    }

    /** Secrets come from the credentials only, so that none follows a redirect. */
    static void requireNoSecrets(Map<String, String> headers) {
        for (String name : headers.keySet()) {
            if (SECRET_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("the header " + name + " comes from the credentials only");
            }
        }
    }
}
