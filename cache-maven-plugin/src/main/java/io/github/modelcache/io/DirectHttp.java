package io.github.modelcache.io;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Requests over HTTP/1.1 without a proxy, over connections that are kept for the next request. It does what a file's way
 * needs and no more: a build's JVM is cold, and each method that many requests run through has to be compiled first.
 */
final class DirectHttp {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final HttpOptions options;
    private final HttpPool pool;
    private final Supplier<SSLSocketFactory> tls;

    /**
     * Over connections of its own.
     *
     * @param tls asked when the first secure connection is made
     */
    DirectHttp(HttpOptions options, HttpPool pool, Supplier<SSLSocketFactory> tls) {
        this.options = options;
        this.pool = pool;
        this.tls = tls;
    }

    /** With the trust that this Java is configured for. */
    static DirectHttp standard(HttpOptions options) {
        return new DirectHttp(
                options, new HttpPool(System::nanoTime), () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /**
     * Sends a request and reads the head of its answer.
     *
     * @param uri http or https, in ASCII
     * @param asked its headers take the place of the usual ones
     * @throws IllegalArgumentException if a header holds a line break
     */
    HttpReply send(URI uri, HttpRequest asked, Optional<String> authorization) throws IOException {
        boolean secure = Urls.scheme(uri).equals("https");
        int usualPort = secure ? HTTPS_PORT : HTTP_PORT;
        int port = uri.getPort() < 0 ? usualPort : uri.getPort();
        String server = (secure ? "https://" : "http://") + uri.getHost() + ":" + port;
        byte[] head = head(uri, port == usualPort ? "" : ":" + port, asked, authorization);
        HttpConnection connection = asked(server, uri.getHost(), port, secure, new Outgoing(head, asked.content()));
        try {
            HttpHead answer = HttpHead.read(connection);
            return new Reply(answer, HttpBody.of(answer, connection, !asked.isHead()), connection, server);
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** A head as it goes over the wire, and what follows it. */
    private static final class Outgoing {
        private final byte[] head;
        private final Optional<HttpContent> content;

        Outgoing(byte[] head, Optional<HttpContent> content) {
            this.head = head;
            this.content = content;
        }

        boolean sendTo(HttpConnection connection) throws IOException {
            return content.isPresent() ? connection.send(head, content.get()) : connection.send(head);
        }
    }

    private byte[] head(URI uri, String port, HttpRequest asked, Optional<String> authorization) {
        Map<String, String> headers = asked.headers();
        StringBuilder text = new StringBuilder(512);
        String path = uri.getRawPath();
        text.append(asked.method()).append(' ').append(path == null || path.isEmpty() ? "/" : path);
        if (uri.getRawQuery() != null) {
            text.append('?').append(uri.getRawQuery());
        }
        text.append(" HTTP/1.1\r\n");
        add(text, "Host", uri.getHost() + port);
        addUnless(headers, text, "User-Agent", options.userAgent());
        addUnless(headers, text, "Accept", "*/*");
        addUnless(headers, text, "Accept-Encoding", "identity");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            add(text, header.getKey(), header.getValue());
        }
        if (asked.content().isPresent()) {
            add(text, "Content-Length", Long.toString(asked.content().get().length()));
        }
        if (authorization.isPresent()) {
            add(text, "Authorization", authorization.get());
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void addUnless(Map<String, String> given, StringBuilder text, String name, String value) {
        for (String other : given.keySet()) {
            if (other.equalsIgnoreCase(name)) {
                return;
            }
        }
        add(text, name, value);
    }

    private static void add(StringBuilder text, String name, String value) {
        if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("the header " + name + " holds a line break");
        }
        text.append(name).append(": ").append(value).append("\r\n");
    }

    /** A connection over which the first bytes of the answer have come. */
    private HttpConnection asked(String server, String host, int port, boolean secure, Outgoing request)
            throws IOException {
        HttpConnection kept = pool.take(server);
        if (kept != null && stillAnswers(kept, request)) {
            return kept;
        }
        HttpConnection made = new HttpConnection(connect(host, port, secure));
        try {
            if (request.sendTo(made)) {
                return made;
            }
            throw new IOException("the server closed the connection without an answer");
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    /** A server may have closed a connection that nobody used for a while. */
    private static boolean stillAnswers(HttpConnection kept, Outgoing request) throws IOException {
        boolean answers = false;
        try {
            answers = request.sendTo(kept);
            return answers;
        } catch (SocketTimeoutException | UnreadableFileException e) {
            throw e;
        } catch (IOException e) {
            return false; // a new connection will tell
        } finally {
            if (!answers) {
                kept.close();
            }
        }
    }

    private Socket connect(String host, int port, boolean secure) throws IOException {
        // Without the argument Java would look for a SOCKS proxy by itself.
        Socket socket = new Socket(Proxy.NO_PROXY);
        try {
            String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            socket.connect(new InetSocketAddress(name, port), options.connectMillis());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(options.idleMillis());
            return secure ? secured(socket, name, port) : socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** The certificate must be trusted, and for this host. */
    private Socket secured(Socket plain, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) tls.get().createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private final class Reply implements HttpReply {
        private final HttpHead head;
        private final HttpBody body;
        private final HttpConnection connection;
        private final String server;
        private @Nullable Map<String, String> headers;

        Reply(HttpHead head, HttpBody body, HttpConnection connection, String server) {
            this.head = head;
            this.body = body;
            this.connection = connection;
            this.server = server;
        }

        @Override
        public int status() {
            return head.status();
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(head.get(name));
        }

        @Override
        public Map<String, String> headers() {
            Map<String, String> known = headers == null ? head.toMap() : headers;
            headers = known;
            return known;
        }

        @Override
        public long announcedLength() {
            return body.length();
        }

        @Override
        public InputStream body() {
            return body;
        }

        @Override
        public void end(boolean whole) {
            if (isFinished() && head.keepsAlive() && connection.isDrained()) {
                pool.give(server, connection);
            } else {
                connection.close();
            }
        }

        /** Whether the body is read to its end, if need be now. */
        private boolean isFinished() {
            boolean discardable = status() != 200 && status() != 206 && body.isShort(DISCARD_BYTES);
            if (body.isComplete() || !head.keepsAlive() || !discardable) {
                return body.isComplete();
            }
            try {
                body.readNBytes(DISCARD_BYTES);
                return body.read() < 0 && body.isComplete();
            } catch (IOException e) {
                return false;
            }
        }
    }
}
