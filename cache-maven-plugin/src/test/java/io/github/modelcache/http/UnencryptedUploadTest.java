package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.modelcache.http.transport.HttpTransport;
import io.github.modelcache.http.transport.TransportOptions;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is asked over https, as localhost, and wants that what it gets goes on over http. */
class UnencryptedUploadTest {
    private static final byte[] CONTENT = "weights".getBytes(StandardCharsets.UTF_8);

    private static SSLContext known;

    private final FaultyServer plain = new FaultyServer();
    private HttpsServer secure;
    private URI start;

    @BeforeAll
    static void certify(@TempDir Path folder) throws Exception {
        known = TestCertificate.of("localhost", folder);
    }

    @BeforeEach
    void serve() throws Exception {
        secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(known));
        secure.createContext("/uploads", exchange -> answer(exchange, 202));
        secure.createContext("/moved", exchange -> answer(exchange, 307));
        secure.start();
        start = URI.create("https://localhost:" + secure.getAddress().getPort());
        plain.on("/uploads", FaultyServer.status(201))
                .on("/moved", FaultyServer.status(202, "Location: " + plain.uri("/uploads")));
    }

    @AfterEach
    void stop() throws IOException {
        secure.stop(0);
        plain.close();
    }

    private void answer(com.sun.net.httpserver.HttpExchange exchange, int status) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String target = exchange.getRequestURI().getPath();
            exchange.getResponseHeaders().set("Location", plain.uri(target).toString());
            exchange.sendResponseHeaders(status, -1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPlaceThatIsNotEncryptedGetsNothing(boolean credentials) {
        assertThatThrownBy(() -> upload("/uploads", credentials))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining(start.resolve("/uploads") + " names the unencrypted " + plain.uri("/uploads"))
                .hasMessageContaining("nothing is sent there")
                .hasMessageNotContaining("hunter2");
        assertThat(plain.requests()).isEmpty();
    }

    @Test
    void aPlaceThatIsNamedAfterARedirectToHttpGetsNothing() {
        assertThatThrownBy(() -> upload("/moved", false)).hasMessageContaining("names the unencrypted ");
        assertThat(plain.requests()).extracting(FaultyServer.Request::method).containsExactly("POST");
    }

    @Test
    void aContentIsNotRedirectedToHttp() {
        assertThatThrownBy(() -> transfer(false).send("PUT", start.resolve("/moved"), Map.of(), CONTENT))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("redirects to the unencrypted " + plain.uri("/moved"))
                .hasMessageContaining("for all to read");
        assertThat(plain.requests()).isEmpty();
    }

    @Test
    void aSecretIsNotRedirectedToHttp() {
        assertThatThrownBy(() -> transfer(false).sendSecret(start.resolve("/moved"), Map.of(), CONTENT))
                .hasMessageContaining("redirects to the unencrypted ");
        assertThat(plain.requests()).isEmpty();
    }

    @Test
    void aSecretIsNotRedirectedToAnotherServer() {
        plain.on(
                        "/token",
                        FaultyServer.redirect(
                                307, plain.uri("localhost", "/other").toString()))
                .on("/other", FaultyServer.status(200));

        assertThatThrownBy(() -> transfer(false).sendSecret(plain.uri("/token"), Map.of(), CONTENT))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("redirects to another server, " + plain.uri("localhost", "/other"))
                .hasMessageContaining("holds a secret");
        assertThat(plain.requests()).hasSize(1);
    }

    @Test
    void aSecretIsRedirectedWithinItsServer() throws Exception {
        plain.on("/token", FaultyServer.redirect(308, "/new-token")).on("/new-token", FaultyServer.status(200));

        transfer(false).sendSecret(plain.uri("/token"), Map.of(), CONTENT);

        assertThat(plain.requests())
                .last()
                .satisfies(
                        request -> assertThat(request.header("Content-Length")).isEqualTo("7"));
    }

    @Test
    void aContentThatIsNoSecretMayGoToAnotherServer() throws Exception {
        plain.on(
                        "/m",
                        FaultyServer.redirect(
                                307, plain.uri("localhost", "/other").toString()))
                .on("/other", FaultyServer.status(201));

        assertThat(transfer(false)
                        .send("PUT", plain.uri("/m"), Map.of(), CONTENT)
                        .status())
                .isEqualTo(201);
    }

    private void upload(String path, boolean credentials) throws IOException {
        transfer(credentials).upload(start.resolve(path), UnaryOperator.identity(), Map.of(), HttpContent.of(CONTENT));
    }

    private HttpTransfer transfer(boolean credentials) {
        HttpOptions options = new HttpOptions(
                Patience.ENDLESS,
                Patience.ENDLESS,
                0,
                Sleeper.SYSTEM,
                address -> credentials ? Optional.of("Basic hunter2") : Optional.empty(),
                ProxySelection.NONE,
                "test");
        HttpTransport transport = new HttpTransport(
                new TransportOptions(
                        options.limits().connectTimeout(), options.limits().idleTimeout()),
                () -> known);
        return new HttpTransfer(options, System::nanoTime, new HttpOpener(options, transport));
    }
}
