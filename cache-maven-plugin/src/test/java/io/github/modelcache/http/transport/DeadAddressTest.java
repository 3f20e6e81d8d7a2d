package io.github.modelcache.http.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.http.RawServer;
import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
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

    /** Where it is asked over TLS and answers over HTTP/2. */
    @Nested
    class OverHttp2 {
        @TempDir
        Path folder;

        private SSLContext known;
        private RawHttp2Server secure;

        @BeforeEach
        void serve() throws Exception {
            known = TestCertificate.of("localhost", folder);
            secure = new RawHttp2Server(known, stream -> stream.ok("ok"));
        }

        @AfterEach
        void stop() throws IOException {
            secure.close();
        }

        @ParameterizedTest
        @ValueSource(strings = {"2001:db8::1", "192.0.2.1"})
        void isReachedOverItsOtherAddress(String dead) throws Exception {
            reaches(dead);
        }

        @Test
        @EnabledOnOs(OS.LINUX)
        void isReachedWhereTheFirstAddressNeverSaysAWord() throws Exception {
            try (SilentAddress silent = new SilentAddress("127.0.0.2", secure.port())) {
                reaches(silent.name());
            }
        }

        private void reaches(String dead) throws Exception {
            InetAddress[] all = {InetAddress.getByName(dead), InetAddress.getLoopbackAddress()};
            TransportOptions patient = new TransportOptions(Patience.ENDLESS, Patience.ENDLESS);
            try (Http2Connections http = new Http2Connections(patient, () -> known, host -> all)) {
                assertThat(read(http)).isEqualTo("ok");
                assertThat(read(http)).isEqualTo("ok");
            }
            assertThat(secure.protocols()).containsExactly("h2");
        }

        @Test
        void failsWhereNoAddressAnswers() throws Exception {
            secure.close();
            InetAddress[] all = {InetAddress.getByName("2001:db8::1"), InetAddress.getLoopbackAddress()};
            TransportOptions patient = new TransportOptions(Patience.ENDLESS, Patience.ENDLESS);
            try (Http2Connections http = new Http2Connections(patient, () -> known, host -> all)) {
                assertThatThrownBy(() -> read(http)).isInstanceOf(IOException.class);
            }
        }

        private String read(Http2Connections http) throws IOException {
            TransportResponse reply =
                    http.send(get("https://localhost:" + secure.port() + "/m")).orElseThrow();
            String body = new String(reply.body().readAllBytes(), ISO_8859_1);
            reply.end();
            return body;
        }
    }

    /** An address whose queue of connections is full: the kernel answers no further one. */
    private static final class SilentAddress implements AutoCloseable {
        private static final int MORE_THAN_FIT = 8;

        private final ServerSocket socket;
        private final List<SocketChannel> waiting = new ArrayList<>();

        SilentAddress(String address, int port) throws IOException {
            socket = new ServerSocket(port, 1, InetAddress.getByName(address));
            for (int i = 0; i < MORE_THAN_FIT; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(socket.getLocalSocketAddress());
                waiting.add(channel);
            }
        }

        String name() {
            return socket.getInetAddress().getHostAddress();
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
            socket.close();
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
        TransportResponse reply = http.send(get("http://model.invalid:" + server.port() + "/m"));
        String body = new String(reply.body().readAllBytes(), ISO_8859_1);
        reply.end();
        return body;
    }

    private static TransportRequest get(String uri) {
        return new TransportRequest(
                "GET", URI.create(uri), Map.of(), Optional.empty(), Proxy.NO_PROXY, Optional.empty());
    }
}
