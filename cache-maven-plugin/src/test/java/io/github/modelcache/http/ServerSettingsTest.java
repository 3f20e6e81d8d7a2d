package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.testing.FaultyServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server with headers of its own, and another one that it redirects to. */
class ServerSettingsTest {

    private final FaultyServer server = new FaultyServer();
    private final FaultyServer other = new FaultyServer();
    private Map<String, String> headers = Map.of("Job-Token", "t0k", "user-agent", "mine");

    @BeforeEach
    void serve() {
        server.on("/x", FaultyServer.ok("x".getBytes(StandardCharsets.UTF_8)));
        server.on("/far", FaultyServer.redirect(302, other.uri("/x").toString()));
        other.on("/x", FaultyServer.ok("far".getBytes(StandardCharsets.UTF_8)));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        other.close();
    }

    @Test
    void headersAreSentToTheirServerAndToNoOther() throws Exception {
        open(server.uri("/far"));

        assertThat(server.requests()).singleElement().satisfies(request -> {
            assertThat(request.header("Job-Token")).contains("t0k");
            assertThat(request.header("User-Agent")).contains("mine");
            assertThat(request.header("Authorization")).contains("Bearer usual");
        });
        assertThat(other.requests()).singleElement().satisfies(request -> {
            assertThat(request.header("Job-Token")).isEmpty();
            assertThat(request.header("User-Agent")).contains("test");
        });
    }

    @Test
    void aHeaderThatLogsInTakesThePlaceOfThePassword() throws Exception {
        headers = Map.of("authorization", "Basic mine");

        open(server.uri("/x"));

        assertThat(server.requests())
                .singleElement()
                .satisfies(
                        request -> assertThat(request.header("Authorization")).contains("Basic mine"));
    }

    @Test
    void aHeaderThatCannotBeSentIsNamedWithoutItsValue() {
        headers = Map.of("Job-Token", "t0k\r\nHost: evil");

        assertThatThrownBy(() -> open(server.uri("/x")))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("the header Job-Token for 127.0.0.1")
                .hasMessageNotContaining("t0k");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void limitsOfAServerTakeThePlaceOfTheUsualOnes() {
        ServerSettings.Values own =
                new ServerSettings.Values(Map.of(), Optional.of(Duration.ofMillis(7)), Optional.empty());
        HttpOptions options =
                HttpOptions.standard("test").withServers(uri -> uri.getPort() == 1 ? own : ServerSettings.Values.NONE);

        HttpOptions.Limits limited = options.limitsFor(URI.create("http://a:1/"));

        assertThat(limited.connectTimeout()).hasMillis(7);
        assertThat(limited.idleTimeout()).isEqualTo(options.limits().idleTimeout());
        assertThat(options.limitsFor(URI.create("http://a:2/"))).isEqualTo(options.limits());
    }

    private void open(URI uri) throws IOException {
        HttpOptions options = HttpOptions.standard("test")
                .withProxies(ProxySelection.NONE)
                .withCredentials(address -> isServer(address) ? Optional.of("Bearer usual") : Optional.empty())
                .withServers(address -> isServer(address)
                        ? new ServerSettings.Values(headers, Optional.of(Duration.ofSeconds(50)), Optional.empty())
                        : ServerSettings.Values.NONE);
        new HttpOpener(options).open(uri, Map.of("Accept", "text/plain")).close();
    }

    private boolean isServer(URI address) {
        return address.getPort() == server.uri("/").getPort();
    }
}
