package io.github.modelcache.http.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.http.RawServer;
import io.github.modelcache.testing.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server some of whose addresses lead nowhere; these are reserved for documentation. */
class DeadAddressTest {
    private static final String SHORT = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final RawServer server = RawServer.onLoopback();

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8::1", "192.0.2.1"})
    void isReachedOverItsOtherAddress(String dead) throws Exception {
        server.next(SHORT).next(SHORT);
        try (Http1Connections http = connections(dead, "127.0.0.1")) {
            assertThat(read(http)).isEqualTo("ok");
            assertThat(read(http)).isEqualTo("ok");
        }
    }

    @Test
    void failsWhereNoAddressAnswers() throws Exception {
        server.close();
        try (Http1Connections http = connections("2001:db8::1", "127.0.0.1")) {
            assertThatThrownBy(() -> read(http)).isInstanceOf(IOException.class);
        }
    }

    private Http1Connections connections(String... addresses) throws Exception {
        InetAddress[] all = new InetAddress[addresses.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = InetAddress.getByName(addresses[i]);
        }
        return connections(host -> all);
    }

    private static Http1Connections connections(AddressConnector.Resolver resolver) throws Exception {
        SSLContext tls = SSLContext.getDefault();
        return new Http1Connections(new TransportOptions(Patience.ENDLESS, Patience.ENDLESS), () -> tls, resolver);
    }

    private String read(Http1Connections http) throws IOException {
        URI uri = URI.create("http://model.invalid:" + server.port() + "/m");
        TransportResponse reply = http.send(
                new TransportRequest("GET", uri, Map.of(), Optional.empty(), Proxy.NO_PROXY, Optional.empty()));
        String body = new String(reply.body().readAllBytes(), ISO_8859_1);
        reply.end();
        return body;
    }
}
