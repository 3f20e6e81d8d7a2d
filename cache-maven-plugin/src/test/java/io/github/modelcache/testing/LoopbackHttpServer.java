package io.github.modelcache.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A server for the handlers of the JDK's own one that takes little of the machine: a thread for each connection, and
 * files that the kernel sends. In a benchmark server and clients share the cores, and what the server takes the clients
 * lack. It answers GET and HEAD; a request with a body is refused.
 */
final class LoopbackHttpServer implements Closeable {

    private static final int LONGEST_HEAD = 64 << 10;
    /** A smaller file leaves together with its head, in one piece. */
    private static final int SMALL_FILE = 256 << 10;

    private static final long PIECE = 4L << 20;

    private final ServerSocketChannel server;
    private final HttpHandler handler;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

    private LoopbackHttpServer(ServerSocketChannel server, HttpHandler handler) {
        this.server = server;
        this.handler = handler;
    }

    /** Starts a server whose connections run in {@code threads}, which must not be limited. */
    static LoopbackHttpServer start(InetSocketAddress address, HttpHandler handler, ExecutorService threads)
            throws IOException {
        LoopbackHttpServer started =
                new LoopbackHttpServer(ServerSocketChannel.open().bind(address, 64), handler);
        threads.execute(() -> started.accept(threads));
        return started;
    }

    /** Where it listens. */
    InetSocketAddress getAddress() {
        return new InetSocketAddress(
                server.socket().getInetAddress(), server.socket().getLocalPort());
    }

    @Override
    public void close() {
        closeQuietly(server);
        clients.forEach(LoopbackHttpServer::closeQuietly);
    }

    private void accept(ExecutorService threads) {
        try {
            while (true) {
                SocketChannel client = server.accept();
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                clients.add(client);
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            closeQuietly(server); // it was closed
        }
    }

    private void serve(SocketChannel client) {
        ByteBuffer in = ByteBuffer.allocate(LONGEST_HEAD).limit(0);
        ByteBuffer out = ByteBuffer.allocateDirect(SMALL_FILE + LONGEST_HEAD);
        try (client) {
            while (true) {
                Exchange exchange = new Exchange(client, head(client, in), out);
                handler.handle(exchange);
                if (!exchange.isComplete()) {
                    return;
                }
            }
        } catch (IOException | RuntimeException e) {
            closeQuietly(client); // the client left, or the handler wants it to feel like that
        } finally {
            clients.remove(client);
        }
    }

    /** The lines up to the empty one. */
    private static String head(SocketChannel client, ByteBuffer in) throws IOException {
        int from = in.position();
        int at = from;
        while (true) {
            for (; at + 4 <= in.limit(); at++) {
                if (in.get(at) == '\r' && in.getInt(at) == 0x0d0a0d0a) {
                    byte[] head = new byte[at - from];
                    in.get(from, head).position(at + 4);
                    return new String(head, StandardCharsets.ISO_8859_1);
                }
            }
            if (in.position() > 0) {
                at -= from;
                from = 0;
                in.compact().flip();
            }
            int end = in.limit();
            in.limit(in.capacity()).position(end);
            if (client.read(in) <= 0) {
                throw new EOFException("the client left, or its head is too long");
            }
            in.flip().position(from);
        }
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            return; // it is as closed as it gets
        }
    }

    /** A request and its answer. */
    static final class Exchange extends HttpExchange {

        private static final int UNKNOWN = -1;

        private final SocketChannel client;
        private final ByteBuffer out;
        private final String method;
        private final URI uri;
        private final String protocol;
        private final Headers asked = new Headers();
        private final Headers answered = new Headers();
        private final Body body = new Body();
        private int status = UNKNOWN;
        private boolean chunked;
        private long left;
        private boolean ended;

        private Exchange(SocketChannel client, String head, ByteBuffer out) throws IOException {
            this.client = client;
            this.out = out;
            String[] lines = head.split("\r\n", -1);
            String[] first = lines[0].split(" ", -1);
            if (first.length != 3) {
                throw new IOException("no request: " + lines[0]);
            }
            method = first[0];
            uri = URI.create(first[1]);
            protocol = first[2];
            for (int i = 1; i < lines.length; i++) {
                int colon = lines[i].indexOf(':');
                asked.add(
                        lines[i].substring(0, colon),
                        lines[i].substring(colon + 1).strip());
            }
            boolean empty = "0"
                    .equals(asked.getOrDefault("Content-Length", List.of("0")).get(0));
            if (!empty || asked.containsKey("Transfer-Encoding")) {
                throw new IOException("a request with a body");
            }
        }

        /** Whether the connection is fit for the next request. */
        private boolean isComplete() {
            return ended && !"close".equals(lower(asked)) && !"close".equals(lower(answered));
        }

        private static String lower(Headers headers) {
            return String.valueOf(headers.getFirst("Connection")).toLowerCase(Locale.ROOT);
        }

        /**
         * Answers with a part of a file.
         *
         * @param leaving told of bytes that are about to leave: whoever has them may ask at once
         */
        void sendFile(int code, Path file, long from, long length, LongConsumer leaving) throws IOException {
            putHead(code, length);
            try (FileChannel content = FileChannel.open(file, StandardOpenOption.READ)) {
                boolean small = length <= SMALL_FILE;
                if (small) {
                    out.limit(out.position() + (int) length);
                    while (out.hasRemaining()) {
                        if (content.read(out, from + length - out.remaining()) < 0) {
                            throw new EOFException(file + " is shorter than it was");
                        }
                    }
                    leaving.accept(length);
                }
                flushOut();
                long sent = small ? length : 0;
                while (sent < length) {
                    long next = Math.min(PIECE, length - sent);
                    leaving.accept(next);
                    for (long end = sent + next; sent < end; ) {
                        sent += content.transferTo(from + sent, end - sent, client);
                    }
                }
            }
            ended = true;
        }

        @Override
        public void sendResponseHeaders(int code, long length) throws IOException {
            boolean none = length < 0;
            chunked = length == 0;
            putHead(code, none ? 0 : length);
            flushOut();
            left = none ? 0 : length;
            ended = none;
        }

        private void putHead(int code, long length) throws IOException {
            if (status != UNKNOWN) {
                throw new IOException("headers already sent");
            }
            status = code;
            if (chunked) {
                answered.set("Transfer-Encoding", "chunked");
            } else if (!method.equals("HEAD") && code != 304 && code != 204) {
                answered.set("Content-Length", Long.toString(length));
            }
            StringBuilder head = new StringBuilder("HTTP/1.1 ").append(code).append(" \r\n");
            answered.forEach((name, values) -> values.forEach(
                    value -> head.append(name).append(": ").append(value).append("\r\n")));
            out.clear().put(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        }

        private void flushOut() throws IOException {
            out.flip();
            write(out);
        }

        private void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                client.write(bytes);
            }
        }

        /** What a handler writes; a body that ends too early costs the connection. */
        private final class Body extends OutputStream {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (length == 0) {
                    return;
                }
                if (chunked) {
                    Exchange.this.write(ascii(Integer.toHexString(length) + "\r\n"));
                } else if (length > left) {
                    throw new IOException("too many bytes to write to stream");
                }
                Exchange.this.write(ByteBuffer.wrap(bytes, offset, length));
                if (chunked) {
                    Exchange.this.write(ascii("\r\n"));
                } else {
                    left -= length;
                    ended = left == 0;
                }
            }

            @Override
            public void close() throws IOException {
                if (chunked && !ended) {
                    Exchange.this.write(ascii("0\r\n\r\n"));
                    ended = true;
                }
            }

            private ByteBuffer ascii(String text) {
                return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            }
        }

        @Override
        public void close() {
            try {
                if (status != UNKNOWN) {
                    body.close();
                }
            } catch (IOException e) {
                ended = false;
            }
            if (!ended) {
                closeQuietly(client);
            }
        }

        @Override
        public Headers getRequestHeaders() {
            return asked;
        }

        @Override
        public Headers getResponseHeaders() {
            return answered;
        }

        @Override
        public URI getRequestURI() {
            return uri;
        }

        @Override
        public String getRequestMethod() {
            return method;
        }

        @Override
        public InputStream getRequestBody() {
            return InputStream.nullInputStream();
        }

        @Override
        public OutputStream getResponseBody() {
            return body;
        }

        @Override
        public int getResponseCode() {
            return status;
        }

        @Override
        public String getProtocol() {
            return protocol;
        }

        @Override
        public InetSocketAddress getRemoteAddress() {
            return (InetSocketAddress) client.socket().getRemoteSocketAddress();
        }

        @Override
        public InetSocketAddress getLocalAddress() {
            return (InetSocketAddress) client.socket().getLocalSocketAddress();
        }

        @Override
        public HttpContext getHttpContext() {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            return null;
        }

        @Override
        public void setAttribute(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setStreams(InputStream in, OutputStream out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable HttpPrincipal getPrincipal() {
            return null;
        }
    }
}
