package io.github.modelcache.io;

import io.github.modelcache.io.TransferException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One GET with its redirects followed by hand; the answer's head is read, its body not yet. */
final class HttpExchange implements Closeable {
    private static final int MOST_REDIRECTS = 20;

    /** A body this small is read to its end so that the connection can be used again. */
    private static final int DISCARD_BYTES = 16 * 1024;

    private final HttpURLConnection connection;
    private final URI uri;
    private final int status;
    private final Map<String, String> headers;
    private boolean finished;

    private HttpExchange(HttpURLConnection connection, URI uri, int status) {
        this.connection = connection;
        this.uri = uri;
        this.status = status;
        this.headers = headersOf(connection);
    }

    /** Opens connections the way the options say; one for all requests of a transfer, so that they are reused. */
    static final class Opener {
        private final HttpOptions options;
        private final Authenticator authenticator;

        Opener(HttpOptions options) {
            this.options = options;
            this.authenticator = new ProxyAuthenticator(options.proxies());
        }

        /**
         * Sends a GET and follows its redirects.
         *
         * @param headers sent on every hop; must not hold secrets
         * @throws TransferException if there is no answer or redirects lead nowhere
         */
        HttpExchange open(URI start, Map<String, String> headers) throws TransferException {
            Set<URI> visited = new HashSet<>();
            boolean credentialsSent = false;
            URI uri = start;
            while (visited.add(uri) && visited.size() <= MOST_REDIRECTS + 1) {
                Optional<String> authorization = authorization(uri);
                credentialsSent |= authorization.isPresent();
                HttpExchange exchange = send(uri, headers, authorization);
                if (!exchange.isRedirect()) {
                    return exchange;
                }
                URI next = exchange.redirectTarget();
                exchange.close();
                if (credentialsSent
                        && Urls.scheme(uri).equals("https")
                        && Urls.scheme(next).equals("http")) {
                    throw new TransferException(
                            Kind.SERVER_ERROR,
                            Urls.display(uri) + " redirects to the unencrypted " + Urls.display(next)
                                    + " although credentials are in use; this is not followed, ask the server's owner",
                            exchange.status,
                            exchange.headers,
                            null);
                }
                uri = next;
            }
            throw new TransferException(
                    Kind.REDIRECT_LOOP,
                    Urls.display(start) + " redirects in a loop or more than " + MOST_REDIRECTS + " times, last to "
                            + Urls.display(uri) + "; check the URL and the mirror",
                    null);
        }

        private Optional<String> authorization(URI uri) throws TransferException {
            Optional<String> value = options.credentials().authorization(uri);
            if (value.isPresent() && value.get().chars().anyMatch(c -> c < ' ' || c > '~')) {
                // Java would refuse the header too, but with the secret in its message.
                throw new TransferException(
                        Kind.UNAUTHORIZED,
                        "the credentials for " + uri.getHost()
                                + " hold a line break or another character that no header may have; check them",
                        null);
            }
            return value;
        }

        private HttpExchange send(URI uri, Map<String, String> headers, Optional<String> authorization)
                throws TransferException {
            try {
                HttpURLConnection connection = connect(uri, headers, authorization);
                int status = connection.getResponseCode();
                if (status < 0) {
                    connection.disconnect();
                    throw new IOException("the answer is not HTTP");
                }
                return new HttpExchange(connection, uri, status);
            } catch (IOException e) {
                throw Failures.ofConnection(uri, e);
            }
        }

        private HttpURLConnection connect(URI uri, Map<String, String> headers, Optional<String> authorization)
                throws IOException {
            Proxy proxy = options.proxies().select(uri);
            // The user name and password of a URL are never sent; credentials come from the options.
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(uri.toASCIIString()).toURL().openConnection(proxy);
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setAuthenticator(authenticator);
            connection.setConnectTimeout(millis(options.connectTimeout()));
            connection.setReadTimeout(millis(options.idleTimeout()));
            connection.setRequestProperty("User-Agent", options.userAgent());
            connection.setRequestProperty("Accept", "*/*");
            connection.setRequestProperty("Accept-Encoding", "identity");
            headers.forEach(connection::setRequestProperty);
            authorization.ifPresent(value -> connection.setRequestProperty("Authorization", value));
            if (proxy.type() == Proxy.Type.HTTP && Urls.scheme(uri).equals("http")) {
                options.proxies()
                        .authentication(uri)
                        .ifPresent(user -> connection.setRequestProperty("Proxy-Authorization", basic(user)));
            }
            return connection;
        }

        private static int millis(Duration duration) {
            return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
        }

        private static String basic(PasswordAuthentication user) {
            String pair = user.getUserName() + ":" + new String(user.getPassword());
            return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Answers only proxies, and so keeps a program-wide authenticator from answering servers. */
    private static final class ProxyAuthenticator extends Authenticator {
        private final ProxySelection proxies;

        ProxyAuthenticator(ProxySelection proxies) {
            this.proxies = proxies;
        }

        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            if (getRequestorType() != RequestorType.PROXY) {
                return null;
            }
            try {
                return proxies.authentication(getRequestingURL().toURI()).orElse(null);
            } catch (URISyntaxException e) {
                return null;
            }
        }
    }

    /** Where the answer came from, after redirects. */
    URI uri() {
        return uri;
    }

    /** The HTTP status. */
    int status() {
        return status;
    }

    /** The headers in any letter case. */
    Map<String, String> headers() {
        return headers;
    }

    /** One header. */
    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The announced length of the body in bytes, or -1. */
    long contentLength() {
        return header("Transfer-Encoding").isPresent() ? -1 : connection.getContentLengthLong();
    }

    /** The body. */
    InputStream body() throws IOException {
        return connection.getInputStream();
    }

    /** Says that the body was read to its end, so the connection is fit for the next request. */
    void finished() {
        finished = true;
    }

    /** Gives the connection back, or closes it if its body is not read to the end. */
    @Override
    public void close() {
        if (!finished && !discarded()) {
            connection.disconnect();
        }
    }

    private boolean discarded() {
        if (status == HttpURLConnection.HTTP_OK || status == HttpURLConnection.HTTP_PARTIAL) {
            return false;
        }
        try (InputStream body = status >= HttpURLConnection.HTTP_BAD_REQUEST ? connection.getErrorStream() : body()) {
            return body == null || body.readNBytes(DISCARD_BYTES).length < DISCARD_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isRedirect() {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    private URI redirectTarget() throws TransferException {
        Optional<URI> target = header("Location").flatMap(location -> Urls.resolve(uri, location));
        if (target.isPresent() && Urls.isHttp(target.get())) {
            return target.get();
        }
        close();
        throw new TransferException(
                Kind.SERVER_ERROR,
                Urls.display(uri) + " redirects (status " + status + ") to "
                        + target.map(Urls::display).orElse("nowhere")
                        + ", which is no http or https URL; check the URL and the mirror",
                status,
                headers,
                null);
    }

    private static Map<String, String> headersOf(HttpURLConnection connection) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; connection.getHeaderField(i) != null; i++) {
            String name = connection.getHeaderFieldKey(i);
            if (name != null) {
                headers.merge(name, connection.getHeaderField(i), (one, two) -> one + ", " + two);
            }
        }
        return Collections.unmodifiableMap(headers);
    }
}
