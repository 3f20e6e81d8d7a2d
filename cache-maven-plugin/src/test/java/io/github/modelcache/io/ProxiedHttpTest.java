package io.github.modelcache.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.testing.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests through a proxy that does with them what it likes. */
class ProxiedHttpTest {

    private static final String SHORT = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final URI MODEL = URI.create("http://model.invalid/m?x=%20");

    private final RawServer server = RawServer.onLoopback();
    /** How long a server may be silent. */
    private Duration idle = Patience.ENDLESS;

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void sendsWhatServersExpectAndWhatIsAsked() throws Exception {
        server.next(SHORT).next(SHORT);
        ProxiedHttp http = http(ProxySelection.NONE);
        assertThat(read(http.send(
                        MODEL,
                        proxy(),
                        HttpRequest.get(Map.of("Range", "bytes=5-", "Accept", "application/json")),
                        Optional.of("Bearer t"))))
                .isEqualTo("ok");
        assertThat(server.requests().get(0).lines())
                .contains(
                        "GET http://model.invalid/m?x=%20 HTTP/1.1",
                        "Host: model.invalid",
                        "User-Agent: test/1",
                        "Accept: application/json",
                        "Accept-Encoding: identity",
                        "Range: bytes=5-",
                        "Authorization: Bearer t")
                .noneMatch(line -> line.startsWith("Proxy-Authorization"));
        read(ask(http));
        assertThat(server.requests().get(1).lines())
                .contains("Accept: */*")
                .noneMatch(line -> line.startsWith("Authorization"));
    }

    @Test
    void asksForTheHeadOnly() throws Exception {
        server.next("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
        HttpReply reply = http(ProxySelection.NONE)
                .send(MODEL, proxy(), new HttpRequest("HEAD", Map.of(), Optional.empty()), Optional.empty());
        assertThat(server.requests().get(0)).startsWith("HEAD http://model.invalid/m");
        assertThat(reply.announcedLength()).isEqualTo(7);
    }

    @Test
    void findsHeadersInAnyLetterCaseAndJoinsThoseOfOneName() throws Exception {
        server.next("HTTP/1.1 204 None\r\nLink: <a>\r\nlink: <b>\r\nETag: \"x\"\r\n\r\n");
        HttpReply reply = ask(http(ProxySelection.NONE));
        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.header("LINK")).contains("<a>, <b>");
        assertThat(reply.header("etag")).contains("\"x\"");
        assertThat(reply.header("none")).isEmpty();
        assertThat(reply.headers()).hasSize(2).containsEntry("eTag", "\"x\"");
    }

    @Test
    void aLengthThatIsNotTheBodysIsNoLength() throws Exception {
        server.next("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n2\r\nok\r\n0\r\n\r\n");
        HttpReply reply = ask(http(ProxySelection.NONE));
        assertThat(reply.announcedLength()).isEqualTo(-1);
        assertThat(read(reply)).isEqualTo("ok");
    }

    @Test
    void followsNoRedirectByItself() throws Exception {
        server.next("HTTP/1.1 302 Found\r\nLocation: http://other.invalid/\r\nContent-Length: 0\r\n\r\n");
        HttpReply reply = ask(http(ProxySelection.NONE));
        assertThat(reply.status()).isEqualTo(302);
        assertThat(reply.header("Location")).contains("http://other.invalid/");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void givesUpOnAProxyThatSaysNothing() {
        server.next("");
        idle = Duration.ofMillis(800);
        assertThatThrownBy(() -> ask(http(ProxySelection.NONE))).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void refusesWhatIsNotHttp() {
        server.next("no HTTP at all\r\n\r\n", true);
        assertThatThrownBy(() -> ask(http(ProxySelection.NONE))).hasMessage("the answer is not HTTP");
    }

    @Test
    void usesAConnectionAgainAfterAShortErrorThatNobodyReads() throws Exception {
        server.next("HTTP/1.1 404 None\r\nContent-Length: 5\r\n\r\nerror")
                .next("HTTP/1.1 302 Found\r\nContent-Length: 5\r\n\r\nthere")
                .next("HTTP/1.1 404 None\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(20_000))
                .next("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole")
                .next(SHORT);
        ProxiedHttp http = http(ProxySelection.NONE);
        for (int made : new int[] {1, 1, 1, 2}) {
            HttpReply reply = ask(http);
            assertThat(server.connections()).isEqualTo(made);
            reply.end(false);
        }
        assertThat(read(ask(http))).isEqualTo("ok");
        assertThat(server.connections()).isEqualTo(3);
    }

    @Test
    void sendsAContentWhetherItIsGatheredFirstOrNot() throws Exception {
        ProxiedHttp http = http(ProxySelection.NONE);
        for (int length : new int[] {0, 3, 64 << 10, (64 << 10) + 1, 300_000}) {
            server.next("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
            String content = "c".repeat(length);
            HttpReply reply = http.send(MODEL, proxy(), put(content), Optional.empty());
            assertThat(reply.status()).isEqualTo(201);
            reply.end(true);
            assertThat(server.requests()).last().asString().startsWith("PUT http://model.invalid/m");
            assertThat(server.contents()).last().isEqualTo(content);
        }
    }

    @Test
    void tellsThatAServerWantsAPasswordForALargeContent() throws Exception {
        server.next("HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
        HttpReply reply = http(user()).send(MODEL, proxy(), put("c".repeat(100_000)), Optional.empty());
        assertThat(reply.status()).isEqualTo(401);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void neverAnswersAServerWithTheProxysPassword() throws Exception {
        server.next("HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
        assertThat(ask(http(user())).status()).isEqualTo(401);
        assertThat(server.requests()).hasSize(1);
        assertThat(server.requests().get(0))
                .contains("\r\nProxy-Authorization: Basic bWU6cHc=\r\n")
                .doesNotContain("\r\nAuthorization:");
    }

    private ProxySelection user() {
        return new ProxySelection() {
            @Override
            public Proxy select(URI uri) {
                return proxy();
            }

            @Override
            public Optional<PasswordAuthentication> authentication(URI uri) {
                return Optional.of(new PasswordAuthentication("me", "pw".toCharArray()));
            }
        };
    }

    private static HttpRequest put(String content) {
        return new HttpRequest("PUT", Map.of(), Optional.of(HttpContent.of(content.getBytes(ISO_8859_1))));
    }

    private HttpReply ask(ProxiedHttp http) throws IOException {
        return http.send(MODEL, proxy(), HttpRequest.get(Map.of()), Optional.empty());
    }

    private static String read(HttpReply reply) throws IOException {
        String body = new String(reply.body().readAllBytes(), ISO_8859_1);
        reply.end(true);
        return body;
    }

    private Proxy proxy() {
        return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    }

    private ProxiedHttp http(ProxySelection proxies) {
        return ProxiedHttp.standard(
                new HttpOptions(Patience.ENDLESS, idle, 0, Pause.SYSTEM, Credentials.NONE, proxies, "test/1"));
    }
}
