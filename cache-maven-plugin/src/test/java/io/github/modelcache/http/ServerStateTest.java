package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.http.TransferException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a build remembers of logins that were refused and of servers that do not answer. */
class ServerStateTest {

    private static final String REFUSED = "HTTP/1.1 401 No\r\nX-Error-Message: bad token\r\nContent-Length: 0\r\n\r\n";
    private static final String PROXY_REFUSED =
            "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final RawServer server = RawServer.onLoopback();
    private final List<String> news = new ArrayList<>();
    private final List<Long> waits = new ArrayList<>();
    private final ServerState servers =
            new ServerState(news::add, Clock.fixed(Instant.parse("2026-01-31T09:00:00Z"), ZoneOffset.UTC));

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aLoginThatWasRefusedIsNotSentAgain() throws Exception {
        server.next(REFUSED).next(OK);
        URI address = URI.create("http://127.0.0.1:" + server.port() + "/m?sig=1");
        HttpTransfer first = transfer(uri -> Optional.of("Bearer wrong"), ProxySelection.NONE);
        assertThatThrownBy(() -> first.get(address, Map.of(), 9)).hasMessageContaining("answered 401");
        HttpTransfer second = transfer(uri -> Optional.of("Bearer wrong"), ProxySelection.NONE);
        assertThatThrownBy(() -> second.get(address, Map.of(), 9))
                .isInstanceOfSatisfying(TransferException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED);
                    assertThat(e.status()).hasValue(401);
                    assertThat(e.headers()).containsEntry("X-Error-Message", "bad token");
                    assertThat(e.answered()).contains(address);
                })
                .hasMessageContaining("http://127.0.0.1:" + server.port() + " refused the same login before (401)")
                .hasMessageNotContaining("wrong")
                .hasMessageNotContaining("sig=1");
        assertThat(server.requests()).hasSize(1);
        HttpTransfer other = transfer(uri -> Optional.of("Bearer right"), ProxySelection.NONE);
        assertThat(other.get(address, Map.of(), 9).text()).isEqualTo("ok");
    }

    @Test
    void manyRequestsAtOnceSendAWrongLoginOnce() throws Exception {
        server.next(REFUSED).next(REFUSED).next(REFUSED).next(REFUSED);
        URI address = URI.create("http://127.0.0.1:" + server.port() + "/m");
        HttpTransfer transfer = transfer(uri -> Optional.of("Bearer wrong"), ProxySelection.NONE);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            CountDownLatch ready = new CountDownLatch(4);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                running.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    assertThatThrownBy(() -> transfer.get(address, Map.of(), 9)).hasMessageContaining("401");
                    return true;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aProxyThatRefusesAPasswordGetsItOnce() throws Exception {
        for (int i = 0; i < 30; i++) {
            server.next(PROXY_REFUSED);
        }
        HttpTransfer transfer = transfer(Credentials.NONE, proxy(server.port()));
        assertThatThrownBy(() -> transfer.get(URI.create("http://model.invalid/m"), Map.of(), 9))
                .hasMessageContaining("answered 407");
        assertThatThrownBy(() -> transfer.get(URI.create("http://other.invalid/m"), Map.of(), 9))
                .hasMessageContaining("the proxy localhost:" + server.port() + " refused the same login before (407)");
        assertThat(server.requests())
                .filteredOn(request -> request.contains("Proxy-Authorization"))
                .hasSize(1);
    }

    @Test
    void saysOnceThatADeadProxyIsAskedAgainAndUntilWhen() throws Exception {
        int port = closedPort();
        HttpTransfer transfer = transfer(Credentials.NONE, proxy(port));
        String through = "no connection through the proxy localhost:" + port + " (";
        for (String path : List.of("/a", "/b")) {
            assertThatThrownBy(() -> transfer.get(URI.create("http://hub.invalid" + path), Map.of(), 9))
                    .hasMessageContaining(through)
                    .hasMessageContaining("Connection refused");
        }
        assertThat(news).hasSize(1);
        assertThat(news.get(0))
                .startsWith("http://hub.invalid/a: " + through)
                .endsWith("Connection refused). Trying again until 09:00:08");
        assertThat(waits).as("a server that was given up is asked once").containsExactly(1L, 2L, 4L);
    }

    @Test
    void aServerThatAnswersAgainIsWaitedForAgain() throws Exception {
        URI address = URI.create("http://127.0.0.1:" + server.port() + "/m");
        servers.outages().giveUp(address);
        server.next(OK);
        assertThat(transfer(Credentials.NONE, ProxySelection.NONE)
                        .get(address, Map.of(), 9)
                        .text())
                .isEqualTo("ok");
        assertThat(servers.outages().isGivenUp(address)).isFalse();
    }

    @Test
    void aServerThatSaysNothingIsNamedWhileItIsWaitedFor() throws Exception {
        URI address = URI.create("https://hub.example.com/m?secret");
        CountDownLatch told = new CountDownLatch(1);
        ServerOutages outages = new ServerOutages(
                text -> {
                    news.add(text);
                    told.countDown();
                },
                Clock.fixed(Instant.parse("2026-01-31T09:00:00Z"), ZoneOffset.UTC),
                Duration.ofMillis(1));
        outages.answer(address, Proxy.NO_PROXY, Duration.ofMinutes(1), () -> {
            try {
                told.await();
                return true;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        assertThat(news).containsExactly("Waiting for an answer from https://hub.example.com until 09:01:00");
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static ProxySelection proxy(int port) {
        return new ProxySelection() {
            @Override
            public Proxy select(URI uri) {
                return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            }

            @Override
            public Optional<PasswordAuthentication> authentication(URI uri) {
                return Optional.of(new PasswordAuthentication("me", "pw".toCharArray()));
            }
        };
    }

    private HttpTransfer transfer(Credentials credentials, ProxySelection proxies) {
        return new HttpTransfer(new HttpOptions(
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20),
                        5,
                        wait -> waits.add(wait.toSeconds()),
                        credentials,
                        proxies,
                        "test")
                .withKnown(servers));
    }
}
