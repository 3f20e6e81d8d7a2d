package io.github.modelcache.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers the requests of all its connections with raw texts, in turn. */
public final class RawServer implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\\r\\nContent-Length: ([0-9]+)\\r\\n");

    private final ServerSocket socket;
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> contents = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Semaphore hangUps = new Semaphore(0);
    private final CountDownLatch closed = new CountDownLatch(1);

    private record Answer(String text, boolean last) {}

    /** On a port of its own, unencrypted. */
    public static RawServer onLoopback() {
        try {
            return new RawServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RawServer(ServerSocket socket) {
        this.socket = socket;
        start(this::accept);
    }

    /** The heads of the requests. */
    public List<String> requests() {
        return requests;
    }

    /** How many connections were made. */
    public int connections() {
        return connections.get();
    }

    /** The contents that came with the requests, of those that announced one. */
    public List<String> contents() {
        return contents;
    }

    public int port() {
        return socket.getLocalPort();
    }

    public RawServer next(String text) {
        return next(text, false);
    }

    /** Adds an answer after which the server hangs up, if it is the {@code last}. */
    public RawServer next(String text, boolean last) {
        answers.add(new Answer(text, last));
        return this;
    }

    /** Waits until one more connection has ended, whoever ended it. */
    public void awaitHangUp() {
        hangUps.acquireUninterruptibly();
    }

    private void accept() {
        try {
            while (closed.getCount() > 0) {
                Socket connection = socket.accept();
                connections.incrementAndGet();
                open.add(connection);
                start(() -> serve(connection));
            }
        } catch (IOException e) {
            closed.countDown();
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            OutputStream out = connection.getOutputStream();
            boolean last = false;
            while (!last && request(connection.getInputStream())) {
                Answer answer = answers.take();
                out.write(answer.text.getBytes(ISO_8859_1));
                out.flush();
                last = answer.last;
            }
        } catch (IOException | InterruptedException e) {
            open.remove(connection);
        }
        hangUps.release();
    }

    private boolean request(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                return false;
            }
            text.append((char) c);
        }
        requests.add(text.substring(0, text.length() - 2));
        Matcher length = LENGTH.matcher(text);
        if (length.find()) {
            contents.add(new String(in.readNBytes(Integer.parseInt(length.group(1))), ISO_8859_1));
        }
        return true;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "raw-server");
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
