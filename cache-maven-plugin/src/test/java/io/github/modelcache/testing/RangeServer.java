package io.github.modelcache.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of one content that keeps connections open and sends ranges; a test may make it lie at any request. */
public final class RangeServer implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    private final byte[] content;
    private final ServerSocket socket;
    private final Map<String, Behaviour> paths = new ConcurrentHashMap<>();
    private final List<Asked> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger busiest = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Answers one request; an exception closes the connection. */
    @FunctionalInterface
    public interface Behaviour {
        /** Answers. */
        void answer(Asked asked) throws IOException;
    }

    private static final class Reset extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** A server of this content at any path that is not set otherwise. */
    public RangeServer(byte[] content) {
        this(content, onLoopback());
    }

    /** The same behind a socket that may encrypt. */
    public RangeServer(byte[] content, ServerSocket socket) {
        this.content = content;
        this.socket = socket;
        start(this::accept);
    }

    private static ServerSocket onLoopback() {
        try {
            return new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Behaves so at a path. */
    public RangeServer on(String path, Behaviour behaviour) {
        paths.put(path, behaviour);
        return this;
    }

    /** The URL of a path. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + path);
    }

    /** The requests for a path, in the order in which they came. */
    public List<Asked> requests(String path) {
        return requests.stream().filter(asked -> asked.path().equals(path)).toList();
    }

    /** How many requests were answered at once at most. */
    public int busiest() {
        return busiest.get();
    }

    /** How many connections were made. */
    public int connections() {
        return connections.get();
    }

    /** One request. */
    public final class Asked {
        private final String target;
        private final int number;
        private final int connection;
        private final Map<String, String> headers;
        private final OutputStream out;

        private Asked(String target, int number, int connection, Map<String, String> headers, OutputStream out) {
            this.target = target;
            this.number = number;
            this.connection = connection;
            this.headers = headers;
            this.out = out;
        }

        /** The path with its query. */
        public String path() {
            return target;
        }

        /** Which request for this path it is, from 1 on. */
        public int number() {
            return number;
        }

        /** Which connection of the server it came over, from 1 on. */
        public int connection() {
            return connection;
        }

        /** A header; "" if it was not sent. */
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        /** The first byte that is asked for, or -1 without a range. */
        public int from() {
            Matcher range = RANGE.matcher(header("Range"));
            return range.matches() ? Integer.parseInt(range.group(1)) : -1;
        }

        /** The first byte after those that are asked for. */
        public int to() {
            Matcher range = RANGE.matcher(header("Range"));
            return range.matches() && !range.group(2).isEmpty()
                    ? Math.min(content.length, Integer.parseInt(range.group(2)) + 1)
                    : content.length;
        }

        /** What an honest server sends; headers as {@code "Name: value"}. */
        public void honest(String... more) throws IOException {
            if (from() < 0) {
                whole(more);
            } else {
                part(from(), to(), content.length, to() - from(), more);
            }
        }

        /** What an honest server sends, with a pause after each of so many bytes. */
        public void slowly(int bytes, long pauseNanos, String... more) throws IOException {
            int from = Math.max(0, from());
            String range = "Content-Range: bytes " + from + "-" + (to() - 1) + "/" + content.length;
            head(from() < 0 ? 200 : 206, to() - from, more, from() < 0 ? "Vary: Range" : range);
            for (int at = from; at < to(); at += bytes) {
                out.write(content, at, Math.min(bytes, to() - at));
                out.flush();
                LockSupport.parkNanos(pauseNanos);
            }
        }

        /** Status 200 with all of the content. */
        public void whole(String... more) throws IOException {
            head(200, content.length, more);
            out.write(content);
        }

        /** Status 206 with a range that may be another one than was asked for, of which so many bytes are sent. */
        public void part(int from, int to, long total, int bytes, String... more) throws IOException {
            head(206, to - from, more, "Content-Range: bytes " + from + "-" + (to - 1) + "/" + total);
            out.write(content, from, Math.min(bytes, to - from));
            if (bytes < to - from) {
                throw new EOFException();
            }
        }

        /** The right range, which only the given headers describe. */
        public void unlabelled(String... headers) throws IOException {
            bytes(206, from(), to(), headers);
        }

        /** Some bytes of the content under any status, which only the given headers describe. */
        public void bytes(int status, int from, int to, String... headers) throws IOException {
            head(status, to - from, headers);
            out.write(content, from, to - from);
        }

        /** The right range with other bytes. */
        public void forged(String... more) throws IOException {
            head(206, to() - from(), more, "Content-Range: bytes " + from() + "-" + (to() - 1) + "/" + content.length);
            out.write(new byte[to() - from()]);
        }

        /** The head and so many bytes of the range, then nothing more until the server is closed. */
        public void stall(int bytes, String... more) throws IOException {
            head(206, to() - from(), more, "Content-Range: bytes " + from() + "-" + (to() - 1) + "/" + content.length);
            out.write(content, from(), bytes);
            silence();
        }

        /** Nothing, until the server is closed. */
        public void silence() throws IOException {
            out.flush();
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new EOFException();
        }

        /** A status without a body. */
        public void status(int status, String... more) throws IOException {
            head(status, 0, more);
        }

        /** Throw it to have the connection reset. */
        public IOException reset() {
            return new Reset();
        }

        private void head(int status, long length, String[] more, String... others) throws IOException {
            line("HTTP/1.1 " + status + " Status");
            line("Content-Length: " + length);
            for (String header : more) {
                line(header);
            }
            for (String header : others) {
                line(header);
            }
            line("");
        }

        private void line(String text) throws IOException {
            out.write((text + "\r\n").getBytes(ISO_8859_1));
        }
    }

    private void accept() {
        try {
            while (closed.getCount() > 0) {
                Socket connection = socket.accept();
                open.add(connection);
                int number = connections.incrementAndGet();
                start(() -> serve(connection, number));
            }
        } catch (IOException e) {
            closed.countDown();
        }
    }

    private void serve(Socket connection, int number) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = new BufferedOutputStream(connection.getOutputStream());
            while (true) {
                Asked asked = read(in, out, number);
                busiest.accumulateAndGet(busy.incrementAndGet(), Math::max);
                try {
                    paths.getOrDefault(asked.path(), Asked::honest).answer(asked);
                } catch (Reset e) {
                    connection.setSoLinger(true, 0);
                    throw e;
                } finally {
                    busy.decrementAndGet();
                    if (!connection.isClosed()) {
                        out.flush();
                    }
                }
            }
        } catch (IOException e) {
            open.remove(connection);
        }
    }

    private Asked read(InputStream in, OutputStream out, int connection) throws IOException {
        String target = line(in).split(" ", -1)[1];
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        synchronized (requests) {
            Asked asked = new Asked(target, requests(target).size() + 1, connection, headers, out);
            requests.add(asked);
            return asked;
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "range-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        socket.close();
        for (Socket connection : open) {
            connection.close();
        }
    }
}
