package io.github.modelcache.it.server;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on 127.0.0.1 that remembers each request. It writes answers byte by byte as it is told, so that they
 * can be wrong in ways that a server library would not let through. One request a connection.
 */
public final class LoopbackServer implements AutoCloseable {

    private static final int BACKLOG = 50;

    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool(LoopbackServer::daemon);
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    private LoopbackServer(ServerSocket socket) {
        this.socket = socket;
    }

    /** Starts a server on a free port. */
    public static LoopbackServer start() {
        try {
            LoopbackServer server = new LoopbackServer(new ServerSocket(0, BACKLOG, loopback()));
            server.threads.execute(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers requests for a path, which starts with a slash. */
    public LoopbackServer on(String path, Answer answer) {
        answers.put(path, answer);
        return this;
    }

    /** The address of a path, by number. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + path);
    }

    /** The address of a path under this server's other name. */
    public URI uriByName(String path) {
        return URI.create("http://localhost:" + socket.getLocalPort() + path);
    }

    /** All requests until now. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "loopback-server");
        thread.setDaemon(true);
        return thread;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                threads.execute(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                InputStream in = new BufferedInputStream(client.getInputStream());
                OutputStream out = new BufferedOutputStream(client.getOutputStream())) {
            Request request = read(in);
            if (request != null) {
                requests.add(request);
                answers.getOrDefault(request.path(), Answer.status(404)).write(request, out);
                out.flush();
            }
        } catch (IOException gone) {
            // The client has had enough, as some scenarios want.
        }
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).trim().toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        String[] words = first.split(" ", -1);
        return new Request(words[0], words[1], headers);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().replace("\r", "");
    }

    /**
     * A request.
     *
     * @param method such as GET
     * @param path its path and query
     * @param headers by name, whatever its case
     */
    public record Request(String method, String path, Map<String, String> headers) {}

    /** Writes what a request gets. */
    @FunctionalInterface
    public interface Answer {

        /** Writes status line, headers and body. */
        void write(Request request, OutputStream out) throws IOException;

        /** The content, or the range of it that is asked for. */
        static Answer content(byte[] content) {
            return (request, out) -> {
                String range = request.headers().get("range");
                int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1"));
                String tag = "ETag: \"" + content.length + "\"\r\n";
                if (from > 0 && from < content.length) {
                    head(
                            out,
                            206,
                            content.length - from,
                            tag
                                    + "Content-Range: bytes %d-%d/%d\r\n"
                                            .formatted(from, content.length - 1, content.length));
                } else {
                    from = 0;
                    head(out, 200, content.length, tag + "Accept-Ranges: bytes\r\n");
                }
                if (!request.method().equals("HEAD")) {
                    out.write(content, from, content.length - from);
                }
            };
        }

        /** Announces all of the content and hangs up in the middle; knows no ranges. */
        static Answer cutOff(byte[] content) {
            return (request, out) -> {
                head(out, 200, content.length, "");
                out.write(content, 0, content.length / 2);
            };
        }

        /** More bytes than announced. */
        static Answer longer(byte[] content, int announced) {
            return (request, out) -> {
                head(out, 200, announced, "");
                out.write(content);
            };
        }

        /** The content without saying how long it is. */
        static Answer unannounced(byte[] content) {
            return (request, out) -> {
                out.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.write(content);
            };
        }

        /** An error, with headers that each end in CR LF. */
        static Answer status(int status, String... headers) {
            return (request, out) -> {
                byte[] page = "<html><body>error</body></html>".getBytes(StandardCharsets.US_ASCII);
                head(out, status, page.length, "Content-Type: text/html\r\n" + String.join("", headers));
                out.write(page);
            };
        }

        /** A redirect. */
        static Answer redirect(URI to) {
            return status(302, "Location: " + to + "\r\n");
        }

        /** The one answer so many times, then the other. */
        static Answer first(int times, Answer first, Answer then) {
            return new Answer() {
                private int left = times;

                @Override
                public void write(Request request, OutputStream out) throws IOException {
                    next().write(request, out);
                }

                private synchronized Answer next() {
                    return left-- > 0 ? first : then;
                }
            };
        }

        private static void head(OutputStream out, int status, int length, String headers) throws IOException {
            out.write("HTTP/1.1 %d Status\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n"
                    .formatted(status, length, headers)
                    .getBytes(StandardCharsets.US_ASCII));
        }
    }
}
