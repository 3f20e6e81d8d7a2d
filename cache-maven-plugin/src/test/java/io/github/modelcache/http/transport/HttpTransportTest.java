package io.github.modelcache.http.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.http.RawServer;
import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.TestCertificate;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests over connections that are kept, against a server that answers as it likes. */
class HttpTransportTest {
    private static final String SHORT = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final List<HttpTransport> opened = new ArrayList<>();
    private RawServer server = RawServer.onLoopback();

    @TempDir
    Path folder;

    @AfterEach
    void stop() throws IOException {
        opened.forEach(HttpTransport::close);
        server.close();
    }

    @Test
    void sendsTheHeadersThatAreGivenAndNoOthers() throws Exception {
        server.next(SHORT).next(SHORT);
        HttpTransport http = http();
        read(
                http,
                uri("user:pw@127.0.0.1", "/a%20b//c?x=%22&y"),
                Map.of("User-Agent", "test/1", "Range", "bytes=5-", "Authorization", "Bearer t"));
        read(http, uri("127.0.0.1", "?q"), Map.of());
        assertThat(server.requests().get(0).lines())
                .containsExactlyInAnyOrder(
                        "GET /a%20b//c?x=%22&y HTTP/1.1",
                        "Host: 127.0.0.1:" + server.port(),
                        "User-Agent: test/1",
                        "Range: bytes=5-",
                        "Authorization: Bearer t");
        assertThat(server.requests().get(1)).startsWith("GET /?q HTTP/1.1\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "a\rb", "\nb", "\rb"})
    void refusesAHeaderWithALineBreak(String broken) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request("GET", uri("127.0.0.1", "/"), Map.of("If-Range", broken), ""));
    }

    @Test
    void joinsHeadersOfOneNameAndFindsThemInAnyLetterCase() throws Exception {
        server.next("HTTP/1.1 204 None\r\nLink: <a>\r\nlink: <b>\r\nETag: \"x\"\r\n\r\n");
        TransportResponse reply = ask(http());
        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.header("LINK")).contains("<a>, <b>");
        assertThat(reply.header("none")).isEmpty();
        assertThat(reply.headers()).hasSize(2).containsEntry("eTag", "\"x\"");
    }

    @Test
    void passesOverInterimAnswersButNotForEver() throws Exception {
        server.next("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: <a>\r\n\r\n" + SHORT)
                .next("HTTP/1.1 103 Hints\r\n\r\n".repeat(30), true)
                .next("HTTP/1.1 101 Switching\r\n\r\n", true);
        HttpTransport http = http();
        assertThat(read(http)).isEqualTo("ok");
        assertThatThrownBy(() -> read(http)).hasMessageContaining("interim");
        assertThatThrownBy(() -> read(http)).hasMessageContaining("101");
    }

    @Test
    void tellsTheLengthThatTheAnswerToAHeadAnnounces() throws Exception {
        server.next("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n").next(SHORT);
        HttpTransport http = http();
        TransportResponse reply = http.send(request("HEAD", uri("127.0.0.1", "/"), Map.of(), ""));
        assertThat(reply.announcedLength()).isEqualTo(7);
        assertThat(reply.body().readAllBytes()).isEmpty();
        reply.end();
        assertThat(read(http)).isEqualTo("ok");
        assertThat(server.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no HTTP\r\n\r\n",
                "<html>\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 20",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbody",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nbody",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc"
            })
    void refusesABrokenAnswer(String answer) {
        server.next(answer, true);
        assertThatThrownBy(() -> read(http())).isInstanceOf(IOException.class);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void limitsHeads() throws Exception {
        String ok = "HTTP/1.1 200 OK\r\n";
        server.next(ok + "A: b\r\n".repeat(190) + "Content-Length: 2\r\n\r\nok")
                .next(ok + "A: b\r\n".repeat(201) + "\r\n", true)
                .next(ok + "A: " + "b".repeat(70_000) + "\r\n\r\n", true);
        HttpTransport http = http();
        assertThat(read(http)).isEqualTo("ok");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> read(http)).hasMessageContaining("not valid HTTP");
        }
    }

    @Test
    void usesAConnectionAgainOnceItsBodyIsRead() throws Exception {
        server.next(SHORT)
                .next("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")
                .next("HTTP/1.1 304 Same\r\n\r\n")
                .next("HTTP/1.1 302 Found\r\nContent-Length: 5\r\n\r\nthere") // nobody reads it
                .next("HTTP/1.1 404 None\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
                .next(SHORT);
        HttpTransport http = http();
        assertThat(read(http)).isEqualTo("ok");
        assertThat(read(http)).isEqualTo("ok");
        assertThat(read(http)).isEmpty();
        ask(http).end();
        ask(http).end();
        assertThat(read(http)).isEqualTo("ok");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void makesANewConnectionWhereTheOldOneIsNotFit() throws Exception {
        server.next("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", true)
                .next("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", true)
                .next("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nunread")
                .next("HTTP/1.1 404 None\r\nContent-Length: 99999\r\n\r\nunread")
                .next(SHORT);
        HttpTransport http = http();
        assertThat(read(http)).isEqualTo("ok");
        assertThat(read(http)).isEqualTo("ok");
        ask(http).end();
        ask(http).end();
        assertThat(read(http)).isEqualTo("ok");
        assertThat(server.connections()).isEqualTo(5);
    }

    @Test
    void asksOnceMoreWhenAKeptConnectionWasClosedMeanwhile() throws Exception {
        server.next(SHORT, true).next(SHORT, true).next("", true);
        HttpTransport http = http();
        read(http);
        server.awaitHangUp();
        assertThat(read(http)).isEqualTo("ok");
        server.awaitHangUp();
        assertThat(server.connections()).isEqualTo(2);
        assertThatThrownBy(() -> read(http)).isInstanceOf(IOException.class);
        assertThat(server.connections()).isEqualTo(3);
    }

    @Test
    void sendsAContentOnlyOnce() throws Exception {
        server.next(SHORT).next("", true).next(SHORT).next("", true).next(SHORT);
        HttpTransport http = http();
        for (String method : List.of("POST", "PUT")) {
            read(http);
            assertThatThrownBy(() -> read(http, request(method, uri("127.0.0.1", "/"), Map.of(), "secret")))
                    .isInstanceOf(IOException.class);
        }
        assertThat(server.contents()).containsExactly("secret", "secret");
        assertThat(server.requests()).hasSize(4);
    }

    @Test
    void postsAContentOverAConnectionThatIsSurelyOpen() throws Exception {
        server.next(SHORT, true).next(SHORT);
        HttpTransport http = http();
        read(http);
        server.awaitHangUp();
        assertThat(read(http, request("POST", uri("127.0.0.1", "/"), Map.of(), "content")))
                .isEqualTo("ok");
        assertThat(server.contents()).containsExactly("content");
    }

    @Test
    void takesTheAnswerOfAServerThatReadsNoFurther() throws Exception {
        server.next("HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno");
        TransportResponse reply = http().send(request("PUT", uri("127.0.0.1", "/"), Map.of(), "c".repeat(300_000)));
        assertThat(reply.status()).isEqualTo(401);
    }

    @Test
    void doesNotAskAgainAfterWaitingInVain() throws Exception {
        Patience.growing(patience -> {
            server.close();
            server = RawServer.onLoopback();
            server.next(SHORT).next("").next(SHORT);
            HttpTransport http = http(SSLContext.getDefault(), patience);
            read(http);
            assertThatThrownBy(() -> read(http)).isInstanceOf(SocketTimeoutException.class);
            assertThat(server.connections()).isEqualTo(1);
        });
    }

    @Test
    void closesItsConnections() throws Exception {
        server.next(SHORT).next("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nunread");
        HttpTransport http = http();
        TransportResponse unread;
        read(http);
        unread = ask(http);
        assertThat(unread.status()).isEqualTo(200);
        http.close();
        unread.end();
        server.awaitHangUp();
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
        assertThat(read(http(), uri("[::1]", "/"), Map.of())).isEqualTo("ok");
        assertThat(server.requests().get(0)).contains("Host: [::1]:" + server.port() + "\r\n");
    }

    @Test
    void triesEveryAddressAndTheGoodOneFirst() throws Exception {
        List<String> asked = new ArrayList<>();
        InetAddress dead = InetAddress.getByAddress("two.example", new byte[] {127, 0, 0, 9});
        InetAddress good = InetAddress.getByAddress("two.example", new byte[] {127, 0, 0, 1});
        server.next("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", true)
                .next("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", true);
        TransportOptions options = new TransportOptions(Patience.ENDLESS, Patience.ENDLESS);
        try (Http1Connections http = new Http1Connections(options, HttpTransportTest::noTls, host -> {
            asked.add(host);
            return asked.size() < 3 ? new InetAddress[] {dead, good} : new InetAddress[] {dead};
        })) {
            for (int i = 0; i < 2; i++) {
                TransportResponse reply = http.send(request("GET", uri("two.example", "/"), Map.of(), ""));
                assertThat(reply.body().readAllBytes()).hasSize(2);
                reply.end();
            }
            assertThatThrownBy(() -> http.send(request("GET", uri("two.example", "/"), Map.of(), "")))
                    .isInstanceOf(IOException.class);
        }
        assertThat(server.connections()).isEqualTo(2);
    }

    private static SSLContext noTls() {
        throw new IllegalStateException("not asked for");
    }

    @Test
    void trustsACertificateOnlyForItsOwnHost() throws Exception {
        SSLContext known = TestCertificate.of("localhost", folder);
        server.close();
        server = new RawServer(
                known.getServerSocketFactory().createServerSocket(0, 9, InetAddress.getLoopbackAddress()));
        server.next(SHORT).next(SHORT).next(SHORT);
        HttpTransport http = http(known, Patience.ENDLESS);
        HttpTransport strange = http(SSLContext.getDefault(), Patience.ENDLESS);
        URI right = URI.create("https://localhost:" + server.port() + "/");
        URI wrong = URI.create("https://127.0.0.1:" + server.port() + "/");
        assertThat(read(http, right, Map.of("Authorization", "Bearer t"))).isEqualTo("ok");
        assertThat(read(http, right, Map.of())).isEqualTo("ok");
        assertThat(read(http, right, Map.of())).isEqualTo("ok");
        assertThat(server.connections())
                .as("one that learns the protocol, one that is kept")
                .isEqualTo(2);
        assertThatThrownBy(() -> read(http, wrong, Map.of("Authorization", "Bearer t")))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> read(strange, right, Map.of("Authorization", "Bearer t")))
                .isInstanceOf(SSLException.class);
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void waitsForAConnectionWhereAllAreInUse() throws Exception {
        server.next(SHORT).next(SHORT);
        HttpTransport http = HttpTransport.standard(new TransportOptions(Patience.ENDLESS, Patience.ENDLESS, 1));
        opened.add(http);
        TransportResponse first = ask(http);
        FutureTask<String> second = new FutureTask<>(() -> read(http));
        Thread asking = new Thread(second);
        asking.start();
        while (asking.getState() != Thread.State.TIMED_WAITING && !second.isDone()) {
            Thread.onSpinWait();
        }
        first.body().readAllBytes();
        first.end();
        assertThat(second.get()).isEqualTo("ok");
        assertThat(server.connections()).isEqualTo(1);
    }

    private URI uri(String host, String target) {
        return URI.create("http://" + host + ":" + server.port() + target);
    }

    private HttpTransport http() throws Exception {
        return http(SSLContext.getDefault(), Patience.ENDLESS);
    }

    private HttpTransport http(SSLContext tls, Duration idle) {
        HttpTransport transport = new HttpTransport(new TransportOptions(Patience.ENDLESS, idle), () -> tls);
        opened.add(transport);
        return transport;
    }

    private TransportResponse ask(HttpTransport http) throws IOException {
        return http.send(request("GET", uri("127.0.0.1", "/"), Map.of(), ""));
    }

    private String read(HttpTransport http) throws IOException {
        return read(http, uri("127.0.0.1", "/"), Map.of());
    }

    private static String read(HttpTransport http, URI uri, Map<String, String> headers) throws IOException {
        return read(http, request("GET", uri, headers, ""));
    }

    private static String read(HttpTransport http, TransportRequest request) throws IOException {
        TransportResponse reply = http.send(request);
        String body = new String(reply.body().readAllBytes(), ISO_8859_1);
        reply.end();
        return body;
    }

    private static TransportRequest request(String method, URI uri, Map<String, String> headers, String content) {
        Optional<RequestBody> body = content.isEmpty() ? Optional.empty() : Optional.of(new Text(content));
        return new TransportRequest(method, uri, headers, body, Proxy.NO_PROXY, Optional.empty());
    }

    /** A content in memory. */
    record Text(String text) implements RequestBody {
        @Override
        public long length() {
            return text.length();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(text.getBytes(ISO_8859_1));
        }
    }
}
