package io.github.modelcache.it.benchmark;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Serves {@code /BYTES/any-name} as that many bytes, in a process of its own, so that it does not take part in the
 * measured one. The same block of random bytes over and over: reading a disk is not what is measured.
 */
public final class ContentServer implements AutoCloseable {

    private static final int BLOCK = 8 << 20;
    private static final int HEAD = 16 << 10;

    private final Process process;
    private final int port;

    private ContentServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts the process. */
    static ContentServer start() throws IOException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ContentServer.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        String port = out.readLine();
        if (port == null) {
            throw new IOException("The server did not start");
        }
        return new ContentServer(process, Integer.parseInt(port));
    }

    /** Where so many bytes are served. */
    URI uri(long bytes) {
        return URI.create("http://127.0.0.1:" + port + "/" + bytes + "/model.bin");
    }

    @Override
    public void close() {
        process.destroy();
    }

    /** Prints its port and serves until it is ended. */
    public static void main(String[] arguments) throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        byte[] random = new byte[BLOCK];
        new Random(1).nextBytes(random);
        block.put(random).flip();
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(loopback, 0));
            System.out.println(server.socket().getLocalPort());
            while (true) {
                SocketChannel client = server.accept();
                Thread thread = new Thread(() -> serve(client, block.duplicate()), "content-server");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private static void serve(SocketChannel client, ByteBuffer block) {
        try (client) {
            ByteBuffer request = ByteBuffer.allocate(HEAD);
            String head = "";
            while (!head.endsWith("\r\n\r\n") && client.read(request) >= 0) {
                head = new String(request.array(), 0, request.position(), StandardCharsets.US_ASCII);
            }
            long left = Long.parseLong(head.replaceAll("(?s)^\\w+ /(\\d+)/.*", "$1"));
            String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + left + "\r\nConnection: close\r\n\r\n";
            client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
            if (head.startsWith("HEAD ")) {
                return;
            }
            while (left > 0) {
                block.position(0).limit((int) Math.min(BLOCK, left));
                left -= block.remaining();
                while (block.hasRemaining()) {
                    client.write(block);
                }
            }
        } catch (IOException gone) {
            // The client ends a transfer when it likes.
        }
    }
}
