package io.github.modelcache.serve;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A server for files that the system sends without copying them through Java ({@code sendfile}), which the JDK's own server
 * can't: that has 0.6 times the speed of nginx. One thread for each connection, so that a slow client delays no other.
 */
final class HttpServer implements AutoCloseable {

    /** More clients wait until others have left. */
    private static final int MOST_CONNECTIONS = 512;

    /** The stack of a connection's thread, in bytes. */
    private static final long STACK = 256 << 10;

    private static final long WATCH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ServerSocketChannel socket;
    private final Connection.RequestHandler handler;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Semaphore free = new Semaphore(MOST_CONNECTIONS);
    private final AtomicLong numbers = new AtomicLong();
    private final Thread acceptor;

    private HttpServer(ServerSocketChannel socket, Connection.RequestHandler handler) {
        this.socket = socket;
        this.handler = handler;
        this.acceptor = thread(this::acceptAll, "accept");
    }

    /**
     * Starts a server.
     *
     * @param address port 0 is a free port
     * @throws java.net.BindException if the port is taken or the address is not one of this machine
     */
    static HttpServer start(InetSocketAddress address, Connection.RequestHandler handler) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        try {
            socket.bind(address, MOST_CONNECTIONS);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
        HttpServer server = new HttpServer(socket, handler);
        server.thread(server::closeOverdue, "watch").start();
        server.acceptor.start();
        return server;
    }

    /** Where it listens. */
    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) socket.getLocalAddress();
    }

    private Thread thread(Runnable task, String name) {
        Thread thread = new Thread(null, task, "model-cache-serve-" + name, STACK);
        thread.setDaemon(true);
        return thread;
    }

    private void acceptAll() {
        try {
            while (socket.isOpen()) {
                free.acquire();
                if (!accept()) {
                    free.release();
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there is a new connection; not if the client is gone already or the system has no more files. */
    private boolean accept() {
        try {
            SocketChannel client = socket.accept();
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Connection connection = new Connection(client, handler);
            connections.add(connection);
            thread(() -> run(connection), String.valueOf(numbers.incrementAndGet()))
                    .start();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void run(Connection connection) {
        try {
            connection.run();
        } finally {
            connections.remove(connection);
            free.release();
        }
    }

    private void closeOverdue() {
        while (socket.isOpen()) {
            LockSupport.parkNanos(WATCH_NANOS);
            connections.stream().filter(Connection::isOverdue).forEach(Connection::close);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // The connections still have to be closed.
        }
        connections.forEach(Connection::close);
        if (Thread.currentThread() != acceptor) {
            acceptor.interrupt();
            awaitAcceptor();
        }
    }

    /** The system listens until the thread that waits for a connection has left the call. */
    private void awaitAcceptor() {
        try {
            acceptor.join();
            connections.forEach(Connection::close);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
