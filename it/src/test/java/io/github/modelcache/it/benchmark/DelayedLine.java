package io.github.modelcache.it.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;

/** Passes connections on to a port of this machine as a long line does: late, and each no faster than it is allowed. */
final class DelayedLine implements AutoCloseable {
    private static final int CHUNK_BYTES = 16 << 10;
    private static final int MOST_CHUNKS = 1024;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ServerSocket socket;
    private final int target;
    private final long oneWayNanos;
    private final IntToLongFunction bytesASecond;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /**
     * A line to a port.
     *
     * @param roundTripMillis how long a byte takes there and back
     * @param bytesASecond how fast the n-th connection may receive, from 0 on
     */
    DelayedLine(int target, int roundTripMillis, IntToLongFunction bytesASecond) throws IOException {
        this.target = target;
        this.oneWayNanos = TimeUnit.MILLISECONDS.toNanos(roundTripMillis) / 2;
        this.bytesASecond = bytesASecond;
        this.socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = socket.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            open.add(client);
            open.add(server);
            pass(client, server, Long.MAX_VALUE);
            pass(server, client, bytesASecond.applyAsLong(connections.getAndIncrement()));
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Chunk(byte[] bytes, long due) {}

    private void pass(Socket from, Socket to, long rate) {
        BlockingQueue<Chunk> line = new ArrayBlockingQueue<>(MOST_CHUNKS);
        start(() -> {
            InputStream in = from.getInputStream();
            byte[] buffer = new byte[CHUNK_BYTES];
            long free = System.nanoTime();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                byte[] bytes = new byte[read];
                System.arraycopy(buffer, 0, bytes, 0, read);
                free = Math.max(free, System.nanoTime()) + (long) ((double) read * SECOND_NANOS / rate);
                line.put(new Chunk(bytes, free + oneWayNanos));
            }
            line.put(new Chunk(new byte[0], System.nanoTime() + oneWayNanos));
        });
        start(() -> {
            OutputStream out = to.getOutputStream();
            for (Chunk chunk = line.take(); chunk.bytes.length > 0; chunk = line.take()) {
                TimeUnit.NANOSECONDS.sleep(chunk.due - System.nanoTime());
                out.write(chunk.bytes);
            }
            from.close();
            to.close();
        });
    }

    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException | InterruptedException closed) {
                        return;
                    }
                },
                "delayed-line");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
