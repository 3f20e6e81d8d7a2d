package io.github.modelcache.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A connection of a client, which may send one request after another. */
final class Connection implements Runnable, AutoCloseable {

    /** How long a client may send nothing. */
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** How long a client may take for {@link #MOST_AT_ONCE} bytes. */
    private static final long SEND_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** What the system copies from a file to the client in one call; larger parts were slower. */
    private static final long MOST_AT_ONCE = 2 << 20;

    private final SocketChannel client;
    private final RequestHandler handler;
    private volatile long deadline = System.nanoTime() + IDLE_NANOS;

    /** Answers requests. */
    @FunctionalInterface
    interface RequestHandler {
        Answer answer(Request request) throws IOException;
    }

    Connection(SocketChannel client, RequestHandler handler) {
        this.client = client;
        this.handler = handler;
    }

    /** Whether the client has been silent, or taken nothing, for too long. */
    boolean isOverdue() {
        return System.nanoTime() - deadline > 0;
    }

    @Override
    public void run() {
        try (client) {
            answerAll();
        } catch (IOException e) {
            // The client is gone, or the server was closed; nobody is left to be told.
            return;
        }
    }

    private void answerAll() throws IOException {
        RequestReader requests = new RequestReader(client);
        boolean more = true;
        while (more) {
            extend(IDLE_NANOS);
            Optional<Request> request;
            try {
                request = requests.next();
            } catch (BadRequestException e) {
                send(Answer.error(e.status(), String.valueOf(e.getMessage())), false, false);
                return;
            }
            if (request.isEmpty()) {
                return;
            }
            extend(SEND_NANOS);
            more = !request.get().header("connection").orElse("").equalsIgnoreCase("close");
            send(handler.answer(request.get()), request.get().isHead(), more);
        }
    }

    private void extend(long nanos) {
        deadline = System.nanoTime() + nanos;
    }

    private void send(Answer answer, boolean headOnly, boolean more) throws IOException {
        try (AutoCloseable opened = answer.body() instanceof Answer.FilePart part ? part.file() : () -> {}) {
            write(head(answer, more));
            if (headOnly) {
                return;
            }
            if (answer.body() instanceof Answer.FilePart part) {
                copy(part.file(), part.start(), part.length());
            } else if (answer.body() instanceof Answer.Bytes memory) {
                write(memory.bytes().duplicate());
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static ByteBuffer head(Answer answer, boolean more) {
        StringBuilder head =
                new StringBuilder("HTTP/1.1 ").append(answer.status()).append(" \r\n");
        answer.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (answer.status() != 304) {
            head.append("Content-Length: ").append(answer.length()).append("\r\n");
        }
        head.append(more ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
        return ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    private void copy(FileChannel file, long start, long length) throws IOException {
        long sent = 0;
        while (sent < length) {
            extend(SEND_NANOS);
            long now = file.transferTo(start + sent, Math.min(MOST_AT_ONCE, length - sent), client);
            if (now <= 0) {
                throw new IOException("the file was cut while it was sent");
            }
            sent += now;
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            // It is of no use any more.
            return;
        }
    }
}
