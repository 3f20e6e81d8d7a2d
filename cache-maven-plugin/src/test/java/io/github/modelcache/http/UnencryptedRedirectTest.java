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
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is asked over https, as localhost, and one that is asked over http, as 127.0.0.1. */
class UnencryptedRedirectTest {
    private static final String SECRET = "Bearer hf_secret";

    @TempDir
    Path folder;

    private final FaultyServer plain = new FaultyServer();
    private HttpsServer secure;
    private SSLContext known;
    private URI start;

    @BeforeEach
    void serve() throws Exception {
        known = TestCertificate.of("localhost", folder);
        secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(known));
        secure.createContext("/", this::redirect);
        secure.start();
        start = URI.create("https://localhost:" + secure.getAddress().getPort() + "/x");
        plain.on("/x", FaultyServer.ok("plain".getBytes(StandardCharsets.UTF_8)));
        plain.on("/again", FaultyServer.redirect(302, "/x"));
        plain.on(
                "/elsewhere",
                FaultyServer.redirect(302, plain.uri("localhost", "/x").toString()));
    }

    @AfterEach
    void stop() throws IOException {
        secure.stop(0);
        plain.close();
    }

    private void redirect(com.sun.net.httpserver.HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = exchange.getRequestURI().getPath();
            exchange.getResponseHeaders().set("Location", plain.uri(target).toString());
            exchange.sendResponseHeaders(302, -1);
        }
    }

    @Test
    void isFollowedWhereNobodyGetsAToken() throws Exception {
        open(start, address -> Optional.empty());
        assertThat(plain.requests())
                .singleElement()
                .satisfies(
                        request -> assertThat(request.header("Authorization")).isEmpty());
    }

    @Test
    void isRefusedAfterATokenWasSent() {
        assertRefused(start, "localhost", "/x");
        assertThat(plain.requests()).isEmpty();
    }

    @Test
    void isRefusedWhereTheNextHostWouldGetAToken() {
        assertRefused(start, "127.0.0.1", "/x");
        assertThat(plain.requests()).isEmpty();
    }

    @Test
    void isRefusedWhereALaterHostWouldGetAToken() {
        Credentials ofLocalhost =
                address -> address.getScheme().equals("http") ? only(address, "localhost") : Optional.empty();
        assertThatThrownBy(() -> open(start.resolve("/elsewhere"), ofLocalhost))
                .hasMessageContaining("redirects to the unencrypted http://localhost:");
        assertThat(plain.requests()).hasSize(1);
    }

    @Test
    void isRefusedWhereAnotherServerThanTheOneAskedOverHttpWouldGetAToken() {
        assertThatThrownBy(() -> open(plain.uri("/elsewhere"), address -> only(address, "localhost")))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("redirects to the unencrypted " + plain.uri("localhost", "/x"))
                .hasMessageNotContaining("hf_secret");
        assertThat(plain.requests()).hasSize(1);
    }

    @Test
    void leavesTheTokenOfAnAddressThatIsAskedOverHttpBehindWhereItLeadsElsewhere() throws Exception {
        open(plain.uri("/elsewhere"), address -> only(address, "127.0.0.1"));
        assertThat(plain.requests())
                .extracting(request -> request.header("Authorization"))
                .containsExactly(SECRET, "");
    }

    @Test
    void keepsTheTokenForAnAddressThatIsAskedOverHttpFromTheStart() throws Exception {
        open(plain.uri("/again"), address -> only(address, "127.0.0.1"));
        assertThat(plain.requests())
                .hasSize(2)
                .allSatisfy(
                        request -> assertThat(request.header("Authorization")).isEqualTo(SECRET));
    }

    private void assertRefused(URI address, String hostWithToken, String target) {
        assertThatThrownBy(() -> open(address, asked -> only(asked, hostWithToken)))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("redirects to the unencrypted " + plain.uri(target))
                .hasMessageContaining("credentials are in use")
                .hasMessageNotContaining("hf_secret");
    }

    private static Optional<String> only(URI address, String host) {
        return Optional.of(SECRET).filter(value -> host.equals(address.getHost()));
    }

    private void open(URI address, Credentials credentials) throws IOException {
        HttpOptions options = new HttpOptions(
                Patience.ENDLESS, Patience.ENDLESS, 0, Sleeper.SYSTEM, credentials, ProxySelection.NONE, "test");
        HttpTransport transport = new HttpTransport(
                new TransportOptions(
                        options.limits().connectTimeout(), options.limits().idleTimeout()),
                () -> known);
        new HttpOpener(options, transport).open(address, Map.of()).close();
    }
}
