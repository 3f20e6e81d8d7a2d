package io.github.modelcache.http.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncServer;
import org.apache.hc.core5.http.nio.AsyncRequestConsumer;
import org.apache.hc.core5.http.nio.AsyncServerRequestHandler;
import org.apache.hc.core5.http.nio.entity.DiscardingEntityConsumer;
import org.apache.hc.core5.http.nio.support.AsyncResponseBuilder;
import org.apache.hc.core5.http.nio.support.BasicRequestConsumer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2ServerBootstrap;
import org.apache.hc.core5.http2.ssl.H2ServerTlsStrategy;
import org.apache.hc.core5.io.CloseMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests to a server that speaks HTTP/2. */
class Http2ConnectionsTest {
    private static final int TOGETHER = 40;

    @TempDir
    Path folder;

    private final Set<String> clients = ConcurrentHashMap.newKeySet();
    private final Set<HttpVersion> versions = ConcurrentHashMap.newKeySet();
    private final AtomicInteger silent = new AtomicInteger();
    private final Gathering gathering = new Gathering();
    private SSLContext known;
    private HttpAsyncServer server;
    private int port;

    @BeforeEach
    void serve() throws Exception {
        known = TestCertificate.of("localhost", folder);
        server = H2ServerBootstrap.bootstrap()
                .setTlsStrategy(new H2ServerTlsStrategy(known))
                .setVersionPolicy(HttpVersionPolicy.NEGOTIATE)
                .register("/short", answering("ok"))
                .register("/long", answering("0123456789".repeat(200_000)))
                .register("/together", gathering)
                .register("/silent", new Noting() {
                    @Override
                    void answer(ResponseTrigger trigger, HttpContext context) {
                        silent.incrementAndGet();
                    }
                })
                .create();
        server.start();
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        port = ((InetSocketAddress) server.listen(any, URIScheme.HTTPS).get().getAddress()).getPort();
    }

    @AfterEach
    void stop() {
        server.close(CloseMode.IMMEDIATE);
    }

    private abstract class Noting implements AsyncServerRequestHandler<Message<HttpRequest, Void>> {
        abstract void answer(ResponseTrigger trigger, HttpContext context) throws Exception;

        @Override
        public AsyncRequestConsumer<Message<HttpRequest, Void>> prepare(
                HttpRequest request, EntityDetails details, HttpContext context) {
            return new BasicRequestConsumer<>(new DiscardingEntityConsumer<>());
        }

        @Override
        public void handle(Message<HttpRequest, Void> message, ResponseTrigger trigger, HttpContext context)
                throws IOException {
            HttpCoreContext core = HttpCoreContext.cast(context);
            clients.add(String.valueOf(core.getEndpointDetails().getRemoteAddress()));
            versions.add((HttpVersion) core.getProtocolVersion());
            try {
                answer(trigger, context);
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }

    private Noting answering(String text) {
        return new Noting() {
            @Override
            void answer(ResponseTrigger trigger, HttpContext context) throws Exception {
                send(trigger, context, text);
            }
        };
    }

    private static void send(AsyncServerRequestHandler.ResponseTrigger trigger, HttpContext context, String text)
            throws Exception {
        trigger.submitResponse(
                AsyncResponseBuilder.create(200)
                        .setEntity(text, ContentType.TEXT_PLAIN)
                        .build(),
                context);
    }

    /** Answers nobody before all are there. */
    private final class Gathering extends Noting {
        private final List<ResponseTrigger> waiting = new ArrayList<>();

        @Override
        synchronized void answer(ResponseTrigger trigger, HttpContext context) throws Exception {
            waiting.add(trigger);
            if (waiting.size() == TOGETHER) {
                for (ResponseTrigger each : waiting) {
                    send(each, context, "all");
                }
            }
        }
    }

    @Test
    void asksManyTimesAtOnceOverOneConnection() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(TOGETHER);
        try (HttpTransport http = http(Patience.ENDLESS)) {
            assertThat(read(http, "/short")).isEqualTo("ok");
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < TOGETHER; i++) {
                answers.add(threads.submit(() -> read(http, "/together")));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("all");
            }
        } finally {
            threads.shutdownNow();
        }
        // The pool may open a second one before it has taken back the first.
        assertThat(clients).hasSizeBetween(1, 2);
        assertThat(versions).containsExactly(HttpVersion.HTTP_2);
    }

    @Test
    void sharesAConnectionWhenManyBeginAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(TOGETHER);
        try (HttpTransport http = http(Patience.ENDLESS)) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < TOGETHER; i++) {
                answers.add(threads.submit(() -> read(http, "/short")));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("ok");
            }
        } finally {
            threads.shutdownNow();
        }
        // The pool may open a second one before it has taken back the first.
        assertThat(clients).hasSizeBetween(1, 2);
    }

    @Test
    void readsALongBodyAndLeavesAnother() throws Exception {
        try (HttpTransport http = http(Patience.ENDLESS)) {
            assertThat(read(http, "/long")).hasSize(2_000_000);
            TransportResponse left = http.send(request("/long", false));
            assertThat(left.body().read()).isEqualTo('0');
            left.end();
            assertThat(read(http, "/short")).isEqualTo("ok");
        }
    }

    @Test
    void givesALargeAnswerAConnectionOfItsOwn() throws Exception {
        try (HttpTransport http = http(Patience.ENDLESS)) {
            read(http, "/short");
            TransportResponse reply = http.send(request("/long", true));
            assertThat(reply.body().readAllBytes()).hasSize(2_000_000);
            reply.end();
        }
        assertThat(versions).containsExactlyInAnyOrder(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1);
    }

    @Test
    void givesUpOnAStreamThatStaysSilentAndKeepsTheOthers() throws Exception {
        Patience.growing(patience -> {
            try (HttpTransport http = http(patience)) {
                read(http, "/short");
                assertThatThrownBy(() -> read(http, "/silent")).isInstanceOf(SocketTimeoutException.class);
                assertThat(read(http, "/short")).isEqualTo("ok");
            }
        });
    }

    @Test
    void connectsAgainWhenTheConnectionIsLost() throws Exception {
        try (HttpTransport http = http(Patience.ENDLESS)) {
            read(http, "/short");
            server.close(CloseMode.IMMEDIATE);
            assertThatThrownBy(() -> read(http, "/short")).isInstanceOf(IOException.class);
        }
    }

    private HttpTransport http(Duration idle) {
        return new HttpTransport(new TransportOptions(Duration.ofSeconds(5), idle), () -> known);
    }

    private TransportRequest request(String path, boolean large) {
        URI uri = URI.create("https://localhost:" + port + path);
        return new TransportRequest("GET", uri, Map.of(), Optional.empty(), Proxy.NO_PROXY, Optional.empty(), large);
    }

    private String read(HttpTransport http, String path) throws IOException {
        TransportResponse reply = http.send(request(path, false));
        String body = new String(reply.body().readAllBytes(), ISO_8859_1);
        reply.end();
        return body;
    }
}
