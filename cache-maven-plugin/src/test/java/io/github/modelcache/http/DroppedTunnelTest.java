package io.github.modelcache.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.http.transport.HttpTransport;
import io.github.modelcache.http.transport.TransportOptions;
import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.RangeServer;
import io.github.modelcache.testing.ServerThread;
import io.github.modelcache.testing.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy that drops each tunnel after some bytes, as many do after some time. */
class DroppedTunnelTest {
    private static final int SEGMENT = 64 << 10;
    private static final int BYTES_A_TUNNEL = 3 * SEGMENT / 2;

    @TempDir
    Path folder;

    private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();
    private final AtomicInteger tunnels = new AtomicInteger();
    private final List<Duration> pauses = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void isContinuedThroughAnotherInSegments() throws Exception {
        fetch(4);
        assertThat(pauses).as("bytes came, so there is nothing to wait for").isEmpty();
    }

    @Test
    void isContinuedThroughAnotherOverOneConnection() throws Exception {
        fetch(1);
    }

    private void fetch(int connections) throws Exception {
        byte[] content = new byte[10 * SEGMENT];
        new Random(5).nextBytes(content);
        SSLContext tls = TestCertificate.of("localhost", folder);
        RangeServer server = new RangeServer(
                content, tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        opened.add(server);
        Proxy proxy =
                new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), droppingProxy()));
        HttpOptions options = new HttpOptions(
                Patience.ENDLESS, Patience.ENDLESS, 20, pauses::add, Credentials.NONE, uri -> proxy, "test/1");
        HttpTransport transport =
                new HttpTransport(new TransportOptions(Patience.ENDLESS, Patience.ENDLESS), () -> tls);
        ExpectedContent expected =
                new ExpectedContent(content.length, Optional.of(Hashing.digest(content, DigestAlgorithm.SHA256)));
        Path partial = folder.resolve("model.part");
        try (HttpTransfer http = new HttpTransfer(
                options,
                System::nanoTime,
                new HttpOpener(options, transport),
                new ConnectionLimits(connections, new Semaphore(connections - 1), SEGMENT, () -> 0))) {
            URI uri = URI.create("https://localhost:" + server.uri("/m").getPort() + "/m");
            http.fetch(uri, partial, expected, TransferProgress.NONE);
        }
        assertThat(Files.readAllBytes(partial)).isEqualTo(content);
        assertThat(tunnels.get()).isGreaterThan(6);
    }

    private int droppingProxy() throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        opened.add(socket);
        ServerThread.start("dropping-proxy", () -> {
            while (true) {
                Socket client = socket.accept();
                opened.add(client);
                ServerThread.start("dropping-proxy", () -> tunnel(client));
            }
        });
        return socket.getLocalPort();
    }

    private void tunnel(Socket client) throws IOException {
        tunnels.incrementAndGet();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) client.getInputStream().read());
        }
        int port = Integer.parseInt(head.substring(head.indexOf(":") + 1, head.indexOf(" HTTP")));
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                client) {
            client.getOutputStream().write("HTTP/1.1 200 Open\r\n\r\n".getBytes(ISO_8859_1));
            ServerThread.start("dropping-proxy", () -> client.getInputStream().transferTo(server.getOutputStream()));
            passSome(server.getInputStream(), client.getOutputStream());
        }
    }

    private static void passSome(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[8192];
        for (int left = BYTES_A_TUNNEL; left > 0; ) {
            int read = in.read(buffer, 0, Math.min(left, buffer.length));
            if (read < 0) {
                return;
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }
}
