package io.github.modelcache.http.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.http.RawServer;
import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.ServerThread;
import io.github.modelcache.testing.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests through a proxy that answers as it likes, and through one that opens tunnels. */
class ProxyTest {
    private static final String SHORT = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final URI MODEL = URI.create("http://model.invalid/m?x=%20");
    private static final Optional<PasswordAuthentication> LOGIN =
            Optional.of(new PasswordAuthentication("me", "pw".toCharArray()));

    private final RawServer proxy = RawServer.onLoopback();
    private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        proxy.close();
    }

    @Test
    void asksTheProxyForTheWholeAddress() throws Exception {
        proxy.next(SHORT).next(SHORT);
        HttpTransport http = http(SSLContext.getDefault(), Patience.ENDLESS);
        assertThat(read(http, MODEL, proxy(proxy.port()), Optional.empty())).isEqualTo("ok");
        assertThat(read(http, MODEL, proxy(proxy.port()), LOGIN)).isEqualTo("ok");
        assertThat(proxy.requests().get(0).lines())
                .containsExactlyInAnyOrder(
                        "GET http://model.invalid/m?x=%20 HTTP/1.1", "Host: model.invalid", "Authorization: Bearer t");
        assertThat(proxy.requests().get(1)).contains("\r\nProxy-Authorization: Basic bWU6cHc=\r\n");
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void neverAnswersAServerWithTheProxysPassword() throws Exception {
        proxy.next("HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
        TransportResponse reply = http(SSLContext.getDefault(), Patience.ENDLESS)
                .send(new TransportRequest("GET", MODEL, Map.of(), Optional.empty(), proxy(proxy.port()), LOGIN));
        assertThat(reply.status()).isEqualTo(401);
        assertThat(proxy.requests()).hasSize(1);
        assertThat(proxy.requests().get(0)).doesNotContain("\r\nAuthorization:");
    }

    @Test
    void givesUpOnAProxyThatSaysNothing() {
        proxy.next("");
        assertThatThrownBy(() -> read(
                        http(SSLContext.getDefault(), Duration.ofMillis(400)),
                        MODEL,
                        proxy(proxy.port()),
                        Optional.empty()))
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void givesUpOnAProxyThatNeverOpensTheTunnel() {
        proxy.next("");
        assertThatThrownBy(() -> read(
                        http(SSLContext.getDefault(), Duration.ofMillis(400)),
                        URI.create("https://model.invalid/"),
                        proxy(proxy.port()),
                        LOGIN))
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void sendsTheLoginToAProxyForHttpsAndNothingOfTheRequest() throws Exception {
        SSLContext known = TestCertificate.of("localhost", folder);
        RawServer server = new RawServer(
                known.getServerSocketFactory().createServerSocket(0, 9, InetAddress.getLoopbackAddress()));
        opened.add(server);
        server.next(SHORT).next(SHORT);
        List<String> heads = new CopyOnWriteArrayList<>();
        int port = tunnels(heads);
        HttpTransport http = http(known, Patience.ENDLESS);
        URI uri = URI.create("https://localhost:" + server.port() + "/m");

        assertThat(read(http, uri, proxy(port), LOGIN)).isEqualTo("ok");
        assertThat(read(http, uri, proxy(port), LOGIN)).isEqualTo("ok");

        assertThat(heads).hasSize(1);
        assertThat(heads.get(0))
                .startsWith("CONNECT localhost:" + server.port() + " HTTP/1.1\r\n")
                .contains("\r\nProxy-Authorization: Basic bWU6cHc=\r\n")
                .doesNotContain("Bearer");
        assertThat(server.requests().get(0)).contains("Authorization: Bearer t").doesNotContain("Proxy-");
    }

    @Test
    void saysThatTheProxyRefuses() {
        proxy.next("HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 2\r\n\r\nno")
                .next("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno");
        for (int status : new int[] {407, 403}) {
            assertThatThrownBy(() -> read(
                            http(SSLContext.getDefault(), Patience.ENDLESS),
                            URI.create("https://model.invalid/"),
                            proxy(proxy.port()),
                            Optional.empty()))
                    .isInstanceOfSatisfying(
                            ProxyRefusedException.class,
                            e -> assertThat(e.status()).isEqualTo(status))
                    .hasMessageContaining(":" + proxy.port() + " answered " + status);
        }
    }

    /** A proxy that notes the heads of what it is asked and passes bytes on. */
    private int tunnels(List<String> heads) throws IOException {
        ServerSocket socket = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
        opened.add(socket);
        ServerThread.start("test-proxy", () -> {
            while (true) {
                Socket client = socket.accept();
                opened.add(client);
                String head = head(client.getInputStream());
                heads.add(head);
                int port = Integer.parseInt(head.substring(head.indexOf(':') + 1, head.indexOf(" HTTP")));
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                opened.add(server);
                client.getOutputStream().write("HTTP/1.1 200 Open\r\n\r\n".getBytes(ISO_8859_1));
                ServerThread.start("test-proxy", () -> client.getInputStream().transferTo(server.getOutputStream()));
                ServerThread.start("test-proxy", () -> server.getInputStream().transferTo(client.getOutputStream()));
            }
        });
        return socket.getLocalPort();
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no head");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private HttpTransport http(SSLContext tls, Duration idle) {
        HttpTransport transport = new HttpTransport(new TransportOptions(Patience.ENDLESS, idle), () -> tls);
        opened.add(transport);
        return transport;
    }

    private static String read(HttpTransport http, URI uri, Proxy proxy, Optional<PasswordAuthentication> login)
            throws IOException {
        TransportResponse reply = http.send(
                new TransportRequest("GET", uri, Map.of("Authorization", "Bearer t"), Optional.empty(), proxy, login));
        String body = new String(reply.body().readAllBytes(), ISO_8859_1);
        reply.end();
        return body;
    }

    private static Proxy proxy(int port) {
        return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }
}
