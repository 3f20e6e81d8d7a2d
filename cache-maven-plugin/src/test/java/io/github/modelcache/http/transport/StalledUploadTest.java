package io.github.modelcache.http.transport;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever stops taking bytes is left, whatever lies between: the JDK itself would wait for ever. */
@Timeout(600)
class StalledUploadTest {

    /** More than any system keeps for a connection whose other end does not read. */
    private static final int LONG = 96 << 20;

    private static final String TUNNEL_IS_OPEN = "HTTP/1.1 200 OK\r\n\r\n";

    @TempDir
    Path folder;

    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws Exception {
        server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void hangUp() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** Reads what comes first, does something, and then nothing any more. */
    private interface Other {
        void talk(Socket socket) throws IOException;
    }

    private void stalls(Other other) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            Socket socket = server.accept();
                            open.add(socket);
                            other.talk(socket);
                        }
                    } catch (IOException closed) {
                        return;
                    }
                },
                "stalled-server");
        thread.setDaemon(true);
        thread.start();
    }

    private static void handshake(SSLContext known, Socket socket) throws IOException {
        SSLSocket secure = (SSLSocket) known.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        secure.setUseClientMode(false);
        secure.startHandshake();
        readHead(secure.getInputStream());
    }

    private static void readHead(InputStream in) throws IOException {
        for (int seen = 0; seen < 4; ) {
            int next = in.read();
            seen = next == '\r' || next == '\n' ? seen + 1 : 0;
            if (next < 0) {
                throw new IOException("no head");
            }
        }
    }

    @Test
    void aServerWithACertificate() throws Exception {
        SSLContext known = TestCertificate.of("localhost", folder);
        stalls(socket -> handshake(known, socket));

        assertGivesUp(https(), Proxy.NO_PROXY, known);
    }

    @Test
    void aProxy() throws Exception {
        stalls(socket -> readHead(socket.getInputStream()));

        assertGivesUp(URI.create("http://registry.invalid/place"), proxy(), SSLContext.getDefault());
    }

    @Test
    void aServerBehindAProxy() throws Exception {
        SSLContext known = TestCertificate.of("localhost", folder);
        stalls(socket -> {
            readHead(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            out.write(TUNNEL_IS_OPEN.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            handshake(known, socket);
        });

        assertGivesUp(https(), proxy(), known);
    }

    private static void assertGivesUp(URI uri, Proxy proxy, SSLContext known) {
        TransportOptions options = new TransportOptions(Patience.ENDLESS, Duration.ofMillis(400));
        try (HttpTransport transport = new HttpTransport(options, () -> known)) {
            TransportRequest upload =
                    new TransportRequest("PUT", uri, Map.of(), Optional.of(new Zeros(LONG)), proxy, Optional.empty());
            assertThatThrownBy(() -> transport.send(upload)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    private URI https() {
        return URI.create("https://localhost:" + server.getLocalPort() + "/place");
    }

    private Proxy proxy() {
        return new Proxy(
                Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
    }

    private record Zeros(long length) implements RequestBody {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            byte[] zeros = new byte[64 << 10];
            for (long left = length; left > 0; left -= zeros.length) {
                out.write(zeros);
            }
        }
    }
}
