package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.modelcache.http.transport.HttpTransport;
import io.github.modelcache.http.transport.TransportOptions;
import io.github.modelcache.http.transport.TransportRequest;
import io.github.modelcache.http.transport.TransportResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;

/** Input: whatever a server sends. */
@Timeout(120)
class HttpMessageFuzzTest {

    private static final URI HERE = URI.create("https://host.example/a/b?c=d");

    private static final ServerSocket SERVER = listen();
    private static final URI ADDRESS = URI.create("http://127.0.0.1:" + SERVER.getLocalPort() + "/");

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FuzzTest
    void isAnAnswerOrAProblem(byte[] input) {
        Thread server = new Thread(() -> answer(input));
        server.start();
        try (HttpTransport transport =
                HttpTransport.standard(new TransportOptions(Duration.ofSeconds(10), Duration.ofSeconds(10)))) {
            read(transport, input);
        }
        try {
            server.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void read(HttpTransport transport, byte[] input) {
        try {
            TransportResponse reply = transport.send(
                    new TransportRequest("GET", ADDRESS, Map.of(), Optional.empty(), Proxy.NO_PROXY, Optional.empty()));
            assertThat(reply.status()).isBetween(200, 999);
            assertThat(reply.headers()).hasSizeLessThanOrEqualTo(200);
            requireHttpTarget(reply.header("Location").orElse(""));
            assertThat(reply.body().readAllBytes()).hasSizeLessThanOrEqualTo(input.length);
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static void answer(byte[] input) {
        try (Socket socket = SERVER.accept()) {
            InputStream in = socket.getInputStream();
            for (int seen = 0; seen < 4; ) {
                int next = in.read();
                seen = next == '\r' || next == '\n' ? seen + 1 : 0;
            }
            socket.getOutputStream().write(input);
            socket.shutdownOutput();
            in.readAllBytes(); // until the client hangs up
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static void requireHttpTarget(String location) {
        Optional<URI> target = Urls.resolve(HERE, location);
        target.ifPresent(uri -> assertThat(Urls.display(uri)).doesNotContain("?"));
    }
}
