package io.github.modelcache.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.testing.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests over connections that stay, against a server that does with them what it likes. */
class DirectHttpTest {
    private static final String SHORT = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final AtomicLong nanos = new AtomicLong();
    private RawServer server = RawServer.onLoopback();

    @TempDir
    Path folder;

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void sendsWhatServersExpectAndNoMore() throws Exception {
        server.next(SHORT).next(SHORT);
        DirectHttp http = http();
        read(
                http,
                uri("127.0.0.1", "/a%20b?x=%22&y"),
                Map.of("Range", "bytes=5-", "accept", "application/json"),
                "Bearer t");
        read(http, uri("127.0.0.1", "?q"), Map.of(), "");
        assertThat(server.requests().get(0).lines())
                .containsExactlyInAnyOrder(
                        "GET /a%20b?x=%22&y HTTP/1.1",
                        "Host: 127.0.0.1:" + server.port(),
                        "User-Agent: test/1",
                        "Accept-Encoding: identity",
                        "Range: bytes=5-",
                        "accept: application/json",
                        "Authorization: Bearer t");
        assertThat(server.requests().get(1)).startsWith("GET /?q HTTP/1.1\r\n").contains("Accept: */*\r\n");
        for (String broken : List.of("a\r\nb", "a\nb", "a\rb", "\nb", "\rb")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> read(http, uri("127.0.0.1", "/"), Map.of("If-Range", broken), ""));
        }
    }

    @Test
    void usesAConnectionAgainOnceItsBodyIsRead() throws Exception {
        server.next(SHORT)
                .next("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")
                .next("HTTP/1.1 304 Same\r\n\r\n")
                .next("HTTP/1.1 302 Found\r\nContent-Length: 5\r\n\r\nthere") // nobody reads it
                .next(SHORT);
        DirectHttp http = http();
        assertThat(read(http)).isEqualTo("ok");
        assertThat(read(http)).isEqualTo("ok");
        assertThat(read(http)).isEmpty();
        ask(http).end(false);
        assertThat(read(http)).isEqualTo("ok");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void usesAConnectionAgainAfterAnErrorThatNobodyReads() throws Exception {
        server.next("HTTP/1.1 404 None\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
                .next("HTTP/1.1 404 None\r\nContent-Length: 16384\r\n\r\n" + "x".repeat(16384))
                .next("HTTP/1.1 404 None\r\nContent-Length: 16385\r\n\r\n" + "x".repeat(16385))
                .next("HTTP/1.1 404 None\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", true)
                .next(SHORT);
        DirectHttp http = http();
        for (int i = 0; i < 4; i++) {
            HttpReply error = ask(http);
            assertThat(error.status()).isEqualTo(404);
            error.end(false);
            assertThat(server.connections()).isEqualTo(i < 3 ? 1 : 2);
        }
        assertThat(read(http)).isEqualTo("ok");
        assertThat(server.connections()).isEqualTo(3);
    }

    @Test
    void hangsUpOnWhatIsNoAnswerAndOnABodyThatNobodyReads() throws Exception {
        server.next("no HTTP\r\n\r\n").next("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\nunread");
        DirectHttp http = http();
        assertThatThrownBy(() -> read(http)).hasMessageContaining("not HTTP");
        server.awaitHangUp();
        ask(http).end(false);
        server.awaitHangUp();
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void makesANewConnectionWhereTheOldOneIsNotFit() throws Exception {
        server.next(SHORT + "surplus")
                .next("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", true)
                .next("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", true)
                .next("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nunread")
                .next("HTTP/1.1 404 None\r\nContent-Length: 99999\r\n\r\nunread")
                .next(SHORT);
        DirectHttp http = http();
        for (int i = 0; i < 3; i++) {
            assertThat(read(http)).isEqualTo("ok");
        }
        ask(http).end(false);
        ask(http).end(false);
        assertThat(read(http)).isEqualTo("ok");
        assertThat(server.connections()).isEqualTo(6);
    }

    @Test
    void asksOnceMoreWhenAKeptConnectionWasClosedMeanwhile() throws Exception {
        server.next(SHORT, true).next(SHORT, true).next("", true);
        DirectHttp http = http();
        read(http);
        server.awaitHangUp();
        assertThat(read(http)).isEqualTo("ok");
        server.awaitHangUp();
        assertThat(server.connections()).isEqualTo(2);
        assertThatThrownBy(() -> read(http)).hasMessageContaining("without an answer");
        assertThat(server.connections()).isEqualTo(3);
    }

    @Test
    void doesNotAskAgainOnceAnAnswerHasBegun() throws Exception {
        server.next(SHORT).next("HTTP/1.1 20", true).next(SHORT);
        DirectHttp http = http();
        read(http);
        assertThatThrownBy(() -> read(http)).hasMessageContaining("ended within its head");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void doesNotAskAgainAfterWaitingInVain() throws Exception {
        Patience.growing(patience -> {
            server.close();
            server = RawServer.onLoopback();
            server.next(SHORT).next("").next(SHORT);
            DirectHttp http = http((SSLSocketFactory) SSLSocketFactory.getDefault(), patience);
            read(http);
            assertThatThrownBy(() -> read(http)).isInstanceOf(SocketTimeoutException.class);
            assertThat(server.connections()).isEqualTo(1);
        });
    }

    @Test
    void closesConnectionsThatNobodyUsedForAWhile() throws Exception {
        server.next(SHORT).next(SHORT).next(SHORT);
        DirectHttp http = http();
        read(http);
        nanos.addAndGet(HttpPool.IDLE_NANOS);
        read(http);
        assertThat(server.connections()).isEqualTo(1);
        nanos.addAndGet(HttpPool.IDLE_NANOS + 1);
        read(http);
        assertThat(server.connections()).isEqualTo(2);
        server.awaitHangUp();
    }

    @Test
    void keepsNoMoreConnectionsThanThreadsMayUse() throws Exception {
        DirectHttp http = http();
        List<HttpReply> replies = new CopyOnWriteArrayList<>();
        for (int i = 0; i <= HttpPool.MOST_OF_A_SERVER; i++) {
            server.next(SHORT);
            replies.add(ask(http));
        }
        for (HttpReply reply : replies) {
            reply.body().readAllBytes();
            reply.end(true);
        }
        server.awaitHangUp();
        assertThat(server.connections()).isEqualTo(HttpPool.MOST_OF_A_SERVER + 1);
    }

    @Test
    void reachesAnAddressInBrackets() throws Exception {
        server.close();
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        try {
            server = new RawServer(new ServerSocket(0, 9, InetAddress.getByAddress(loopback)));
        } catch (IOException e) {
            return; // this machine has no IPv6
        }
        server.next(SHORT);
        assertThat(read(http(), uri("[::1]", "/"), Map.of(), "")).isEqualTo("ok");
        assertThat(server.requests().get(0)).contains("Host: [::1]:" + server.port() + "\r\n");
    }

    @Test
    void trustsACertificateOnlyForItsOwnHost() throws Exception {
        SSLContext known = TestCertificate.of("localhost", folder);
        server.close();
        server = new RawServer(
                known.getServerSocketFactory().createServerSocket(0, 9, InetAddress.getLoopbackAddress()));
        server.next(SHORT).next(SHORT);
        DirectHttp http = http(known.getSocketFactory(), Patience.ENDLESS);
        DirectHttp strange = http();
        URI right = URI.create("https://localhost:" + server.port() + "/");
        URI wrong = URI.create("https://127.0.0.1:" + server.port() + "/");
        assertThat(read(http, right, Map.of(), "Bearer t")).isEqualTo("ok");
        assertThat(read(http, right, Map.of(), "")).isEqualTo("ok");
        assertThat(server.connections()).isEqualTo(1);
        assertThatThrownBy(() -> read(http, wrong, Map.of(), "Bearer t")).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> read(strange, right, Map.of(), "Bearer t")).isInstanceOf(SSLException.class);
        assertThat(server.requests()).hasSize(2);
    }

    private URI uri(String host, String target) {
        return URI.create("http://" + host + ":" + server.port() + target);
    }

    private DirectHttp http() {
        return http((SSLSocketFactory) SSLSocketFactory.getDefault(), Patience.ENDLESS);
    }

    private DirectHttp http(SSLSocketFactory tls, Duration idle) {
        HttpOptions options = new HttpOptions(
                Patience.ENDLESS, idle, 0, Pause.SYSTEM, Credentials.NONE, ProxySelection.NONE, "test/1");
        return new DirectHttp(options, new HttpPool(nanos::get), () -> tls);
    }

    private HttpReply ask(DirectHttp http) throws IOException {
        return http.send(uri("127.0.0.1", "/"), HttpRequest.get(Map.of()), Optional.empty());
    }

    private String read(DirectHttp http) throws IOException {
        return read(http, uri("127.0.0.1", "/"), Map.of(), "");
    }

    private static String read(DirectHttp http, URI uri, Map<String, String> headers, String authorization)
            throws IOException {
        HttpReply reply = http.send(
                uri, HttpRequest.get(headers), Optional.of(authorization).filter(value -> !value.isEmpty()));
        String body = new String(reply.body().readAllBytes(), ISO_8859_1);
        reply.end(true);
        return body;
    }
}
