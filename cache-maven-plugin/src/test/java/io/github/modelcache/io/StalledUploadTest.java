package io.github.modelcache.io;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.testing.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
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
import javax.net.ssl.SSLSocketFactory;
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
    private HttpRequest upload;

    @BeforeEach
    void listen() throws Exception {
        server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
        Path file = folder.resolve("large");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(LONG);
        }
        upload = new HttpRequest("PUT", Map.of(), Optional.of(HttpContent.of(file, LONG, TransferProgress.NONE)));
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
        DirectHttp http = new DirectHttp(options(), new HttpPool(System::nanoTime), known::getSocketFactory);

        assertThatThrownBy(() -> http.send(https(), upload, Optional.empty()))
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void aProxy() {
        stalls(socket -> readHead(socket.getInputStream()));

        assertThatThrownBy(() -> proxied((SSLSocketFactory) SSLSocketFactory.getDefault())
                        .send(URI.create("http://registry.invalid/place"), proxy(), upload, Optional.empty()))
                .isInstanceOf(SocketTimeoutException.class);
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

        assertThatThrownBy(() -> proxied(known.getSocketFactory()).send(https(), proxy(), upload, Optional.empty()))
                .isInstanceOf(SocketTimeoutException.class);
    }

    private ProxiedHttp proxied(SSLSocketFactory tls) {
        return new ProxiedHttp(options(), () -> tls);
    }

    private URI https() {
        return URI.create("https://localhost:" + server.getLocalPort() + "/place");
    }

    private Proxy proxy() {
        return new Proxy(
                Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
    }

    private static HttpOptions options() {
        return new HttpOptions(
                Patience.ENDLESS,
                Duration.ofMillis(400),
                0,
                Pause.SYSTEM,
                Credentials.NONE,
                ProxySelection.NONE,
                "test/1");
    }
}
