package io.github.modelcache.http.transport;

import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * One request, as it is sent.
 *
 * @param method GET, HEAD, POST or PUT
 * @param uri http or https, in ASCII; its user name and fragment are not sent
 * @param headers all but {@code Host}, {@code Content-Length} and those for the proxy
 * @param body empty for a GET and a HEAD
 * @param proxy through which proxy; {@link Proxy#NO_PROXY} for none
 * @param login the user name and password for an HTTP proxy
 * @param large whether its answer may be so long that it should have a connection of its own
 */
public record TransportRequest(
        String method,
        URI uri,
        Map<String, String> headers,
        Optional<? extends RequestBody> body,
        Proxy proxy,
        Optional<PasswordAuthentication> login,
        boolean large) {

    /** A request with a short answer. */
    public TransportRequest(
            String method,
            URI uri,
            Map<String, String> headers,
            Optional<? extends RequestBody> body,
            Proxy proxy,
            Optional<PasswordAuthentication> login) {
        this(method, uri, headers, body, proxy, login, false);
    }

    /**
     * Checks the headers.
     *
     * @throws IllegalArgumentException if a header has a line break
     */
    public TransportRequest {
        headers.forEach((name, value) -> {
            if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("the header " + name + " has a line break");
            }
        });
    }

    boolean isSecure() {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    boolean hasContent() {
        return body.isPresent() && body.get().length() > 0;
    }
}
