package io.github.modelcache.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Requests through a proxy, by the JDK, which knows about tunnels and the schemes that proxies ask passwords in. */
final class ProxiedHttp {
    /** What is longer is not gathered first; the system takes this much at once, whether or not somebody reads. */
    private static final long MOST_IN_MEMORY = 64 * 1024;

    private final HttpOptions options;
    private final Authenticator authenticator;
    private final Supplier<SSLSocketFactory> tls;
    private @Nullable SSLSocketFactory sockets;

    /**
     * Through proxies.
     *
     * @param tls asked when the first secure connection is made
     */
    ProxiedHttp(HttpOptions options, Supplier<SSLSocketFactory> tls) {
        this.options = options;
        this.authenticator = new ProxyAuthenticator(options.proxies());
        this.tls = tls;
    }

    /** With the trust that this Java is configured for. */
    static ProxiedHttp standard(HttpOptions options) {
        return new ProxiedHttp(options, HttpsURLConnection::getDefaultSSLSocketFactory);
    }

    /**
     * Sends a request and reads the head of its answer.
     *
     * @param uri http or https, in ASCII
     * @param asked its headers take the place of the usual ones
     */
    HttpReply send(URI uri, Proxy proxy, HttpRequest asked, Optional<String> authorization) throws IOException {
        HttpURLConnection connection = connect(uri, proxy, asked.headers(), authorization);
        connection.setRequestMethod(asked.method());
        if (asked.content().isPresent()) {
            send(connection, asked.content().get());
        }
        int status = status(connection);
        if (status < 0) {
            connection.disconnect();
            throw new IOException("the answer is not HTTP");
        }
        return new Reply(connection, status);
    }

    private void send(HttpURLConnection connection, HttpContent content) throws IOException {
        connection.setDoOutput(true);
        if (content.length() > MOST_IN_MEMORY) {
            connection.setFixedLengthStreamingMode(content.length());
        }
        OutputStream out = connection.getOutputStream();
        try (SendingWatch watch = SendingWatch.over(connection::disconnect, options.idleMillis())) {
            try (out) {
                content.writeTo(watch.counting(out));
            } catch (UnreadableFileException e) {
                throw e;
            } catch (IOException e) {
                throw watch.ended() ? new SocketTimeoutException("the proxy takes no more bytes") : e;
            }
        }
    }

    /** Java takes it for an error when it may not send again by itself what was wanted with a password. */
    private static int status(HttpURLConnection connection) throws IOException {
        try {
            return connection.getResponseCode();
        } catch (HttpRetryException e) {
            return e.responseCode();
        }
    }

    private synchronized SSLSocketFactory sockets() {
        SSLSocketFactory known = sockets == null ? new PromptSockets(tls.get()) : sockets;
        sockets = known; // one for all, otherwise connections would not be kept
        return known;
    }

    private HttpURLConnection connect(URI uri, Proxy proxy, Map<String, String> headers, Optional<String> authorization)
            throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(proxy);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setAuthenticator(authenticator);
        connection.setConnectTimeout(options.connectMillis());
        connection.setReadTimeout(options.idleMillis());
        if (connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(sockets());
        }
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

    private static String basic(PasswordAuthentication user) {
        String pair = user.getUserName() + ":" + new String(user.getPassword());
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
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

    private static final class Reply implements HttpReply {
        private final HttpURLConnection connection;
        private final int status;
        private final Map<String, String> headers;

        Reply(HttpURLConnection connection, int status) {
            this.connection = connection;
            this.status = status;
            this.headers = headersOf(connection);
        }

        @Override
        public int status() {
            return status;
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        @Override
        public Map<String, String> headers() {
            return headers;
        }

        @Override
        public long announcedLength() {
            return headers.containsKey("Transfer-Encoding") ? -1 : connection.getContentLengthLong();
        }

        @Override
        public InputStream body() throws IOException {
            return connection.getInputStream();
        }

        @Override
        public void end(boolean whole) {
            if (!whole && !discarded()) {
                connection.disconnect();
            }
        }

        private boolean discarded() {
            if (status == HttpURLConnection.HTTP_OK || status == HttpURLConnection.HTTP_PARTIAL) {
                return false;
            }
            try (InputStream body =
                    status >= HttpURLConnection.HTTP_BAD_REQUEST ? connection.getErrorStream() : body()) {
                return body == null || body.readNBytes(DISCARD_BYTES).length < DISCARD_BYTES;
            } catch (IOException e) {
                return false;
            }
        }

        private static Map<String, String> headersOf(HttpURLConnection connection) {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            // One by one, as they came: Java's own map of them has another order.
            for (int i = 0; connection.getHeaderField(i) != null; i++) {
                String name = connection.getHeaderFieldKey(i);
                if (name != null) {
                    headers.merge(name, connection.getHeaderField(i), (one, two) -> one + ", " + two);
                }
            }
            return Collections.unmodifiableMap(headers);
        }
    }
}
