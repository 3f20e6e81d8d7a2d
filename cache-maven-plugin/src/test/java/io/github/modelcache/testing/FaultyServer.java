package io.github.modelcache.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP server on loopback that can do what real servers do wrong: cut bodies, lie about lengths, stall, redirect in
 * circles. One request a connection.
 *
 * <pre>{@code
 * try (FaultyServer server = new FaultyServer()) {
 *     server.on("/model", FaultyServer.cutAfter(content, 1000), FaultyServer.ranged(content, "\"v1\""));
 *     fetch(server.uri("/model"));
 *     assertThat(server.requests()).hasSize(2);
 * }
 * }</pre>
 */
public final class FaultyServer implements AutoCloseable {
    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "faulty-server");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Future<?> accepting;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /** A request as it arrived; header names in any letter case. */
    public record Request(String method, String target, Map<String, String> headers) {
        /** A header, or "" if it was not sent. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        /** The path without the query. */
        public String path() {
            int query = target.indexOf('?');
            return query < 0 ? target : target.substring(0, query);
        }
    }

    /** Answers one request by writing whatever it likes to the connection, which is closed afterwards. */
    @FunctionalInterface
    public interface Reply {
        /** Writes the answer. */
        void send(Request request, OutputStream out) throws IOException;
    }

    private record Script(List<Reply> replies, AtomicInteger next) {
        Reply reply() {
            return replies.get(Math.min(next.getAndIncrement(), replies.size() - 1));
        }
    }

    /** Starts to listen on a free port. */
    public FaultyServer() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        accepting = threads.submit(this::accept);
    }

    /** Answers a path with these replies in turn; the last one stays. Other paths get 404. */
    public FaultyServer on(String path, Reply... replies) {
        scripts.put(path, new Script(List.of(replies), new AtomicInteger()));
        return this;
    }

    /** The URL of a path, with the host {@code 127.0.0.1}. */
    public URI uri(String target) {
        return uri("127.0.0.1", target);
    }

    /** The same server under another name, for example {@code localhost}, which clients take for another host. */
    public URI uri(String host, String target) {
        return URI.create("http://" + host + ":" + socket.getLocalPort() + target);
    }

    /** The port it listens on. */
    public int port() {
        return socket.getLocalPort();
    }

    /** All requests so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Stops and cuts all connections. */
    @Override
    public void close() {
        closed.countDown();
        try {
            socket.close();
            accepting.get(); // until then the system may complete further connections
            for (Socket connection : open) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** 200 with the whole body and an honest length, whatever range was asked for. */
    public static Reply ok(byte[] content, String... headers) {
        return answer(200, content, headers);
    }

    /** Any status with a body and an honest length; headers as {@code "Name: value"}. */
    public static Reply answer(int status, byte[] content, String... headers) {
        return (request, out) -> {
            head(out, status, content.length, headers);
            if (!request.method().equals("HEAD")) {
                out.write(content);
            }
        };
    }

    /** A status with a short text. */
    public static Reply status(int status, String... headers) {
        return answer(status, ("status " + status).getBytes(ISO_8859_1), headers);
    }

    /** A redirect. */
    public static Reply redirect(int status, String location) {
        return status(status, "Location: " + location);
    }

    /** The content, or the range of it that is asked for. */
    public static Reply content(byte[] content) {
        return ranged(content, "\"" + content.length + "\"");
    }

    /** Honours {@code Range} and {@code If-Range} as a good server does. */
    public static Reply ranged(byte[] content, String etag) {
        return (request, out) -> {
            int from = from(request);
            String condition = request.header("If-Range");
            if (from < 0 || (!condition.isEmpty() && !condition.equals(etag))) {
                ok(content, "ETag: " + etag).send(request, out);
            } else if (from >= content.length) {
                status(416, "Content-Range: bytes */" + content.length).send(request, out);
            } else {
                answer(
                                206,
                                Arrays.copyOfRange(content, from, content.length),
                                "ETag: " + etag,
                                "Content-Range: bytes " + from + "-" + (content.length - 1) + "/" + content.length)
                        .send(request, out);
            }
        };
    }

    /** Announces the whole body, sends only its first bytes and closes the connection. */
    public static Reply cutAfter(byte[] content, int bytes, String... headers) {
        return (request, out) -> {
            head(out, 200, content.length, headers);
            out.write(content, 0, bytes);
        };
    }

    /** Honours a range but closes the connection after so many bytes of it. */
    public static Reply rangedCutAfter(byte[] content, int bytes, String etag) {
        return (request, out) -> {
            int from = Math.max(0, from(request));
            head(
                    out,
                    from == 0 ? 200 : 206,
                    content.length - from,
                    "ETag: " + etag,
                    "Content-Range: bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            out.write(content, from, Math.min(bytes, content.length - from));
        };
    }

    /** Announces {@code announced} bytes and sends all of the content. */
    public static Reply announcing(long announced, byte[] content, String... headers) {
        return (request, out) -> {
            head(out, 200, announced, headers);
            out.write(content);
        };
    }

    /** A chunked body without a length. */
    public static Reply chunked(byte[] content, String... headers) {
        return (request, out) -> {
            start(out, 200, headers);
            line(out, "Transfer-Encoding: chunked");
            line(out, "");
            int half = content.length / 2;
            chunk(out, Arrays.copyOfRange(content, 0, half));
            chunk(out, Arrays.copyOfRange(content, half, content.length));
            chunk(out, new byte[0]);
        };
    }

    /** A body that ends where the connection does. */
    public static Reply untilClosed(byte[] content, String... headers) {
        return untilClosed(200, content, headers);
    }

    /** A body of any status that ends where the connection does. */
    public static Reply untilClosed(int status, byte[] content, String... headers) {
        return (request, out) -> {
            start(out, status, headers);
            line(out, "");
            out.write(content);
        };
    }

    /** Sends so many bytes of the body, then nothing more; the connection stays open until the server closes. */
    public Reply stallAfter(byte[] content, int bytes, String... headers) {
        return (request, out) -> {
            head(out, 200, content.length, headers);
            out.write(content, 0, bytes);
            out.flush();
            awaitClose();
        };
    }

    /** Accepts the request and never answers. */
    public Reply silence() {
        return (request, out) -> awaitClose();
    }

    /** Closes the connection without a word. */
    public static Reply hangUp() {
        return (request, out) -> {};
    }

    /** Sends so many bytes of the body, then resets the connection. */
    public static Reply resetAfter(byte[] content, int bytes, String... headers) {
        return (request, out) -> {
            head(out, 200, content.length, headers);
            out.write(content, 0, bytes);
            out.flush();
            throw new Reset();
        };
    }

    /** Asks for the connection to be reset. */
    private static final class Reset extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Writes a status line, the headers and an empty line. */
    public static void head(OutputStream out, int status, long length, String... headers) throws IOException {
        start(out, status, headers);
        line(out, "Content-Length: " + length);
        line(out, "");
    }

    /** The first byte that a request asks for, or -1. */
    public static int from(Request request) {
        String range = request.header("Range");
        return range.matches("bytes=\\d+-") ? Integer.parseInt(range.substring(6, range.length() - 1)) : -1;
    }

    private static void start(OutputStream out, int status, String... headers) throws IOException {
        line(out, "HTTP/1.1 " + status + " Status");
        line(out, "Connection: close");
        for (String header : headers) {
            line(out, header);
        }
    }

    private static void chunk(OutputStream out, byte[] bytes) throws IOException {
        line(out, Integer.toHexString(bytes.length));
        out.write(bytes);
        line(out, "");
    }

    private static void line(OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(ISO_8859_1));
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                open.add(connection);
                threads.execute(() -> serve(connection));
            } catch (IOException e) {
                // Closed: the loop ends.
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            Request request = read(new BufferedInputStream(connection.getInputStream()));
            requests.add(request);
            Script script = scripts.get(request.path());
            OutputStream out = connection.getOutputStream();
            answer(script == null ? status(404) : script.reply(), request, connection);
            out.flush();
            connection.shutdownOutput();
            // Reading to the end keeps the system from resetting the connection before the client has read all.
            connection.getInputStream().skipNBytes(Long.MAX_VALUE);
        } catch (IOException e) {
            // The client went away, which is what many tests want.
            return;
        } finally {
            open.remove(connection);
        }
    }

    private static void answer(Reply reply, Request request, Socket connection) throws IOException {
        try {
            reply.send(request, connection.getOutputStream());
        } catch (Reset e) {
            connection.setSoLinger(true, 0);
            throw e;
        }
    }

    private static Request read(InputStream in) throws IOException {
        String[] first = readLine(in).split(" ", -1);
        if (first.length < 2) {
            throw new IOException("no request");
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return new Request(first[0], first[1], headers);
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
