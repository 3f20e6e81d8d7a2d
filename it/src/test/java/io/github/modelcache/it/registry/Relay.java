package io.github.modelcache.it.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Carries connections from one address to another. A socket of the file system leads from one network into another. */
public final class Relay implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final ServerSocketChannel server;
    private final SocketAddress target;

    private Relay(ServerSocketChannel server, SocketAddress target) {
        this.server = server;
        this.target = target;
    }

    /** From a socket of the file system to a port of loopback. */
    static Relay toPort(Path from, int port) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(from));
        Relay relay = new Relay(server, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        thread(relay::serve);
        return relay;
    }

    /** From a port of loopback to a socket of the file system, until it is killed: {@code <port> <file>}. */
    public static void main(String[] arguments) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])));
        System.out.println("ready");
        new Relay(server, UnixDomainSocketAddress.of(Path.of(arguments[1]))).serve();
    }

    private void serve() {
        try {
            while (true) {
                SocketChannel one = server.accept();
                SocketChannel other = SocketChannel.open(target);
                thread(() -> carry(one, other));
                thread(() -> carry(other, one));
            }
        } catch (IOException closed) {
            return;
        }
    }

    /** When one side ends, so does the other. */
    private static void carry(ByteChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (from;
                to) {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException ended) {
            return;
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
