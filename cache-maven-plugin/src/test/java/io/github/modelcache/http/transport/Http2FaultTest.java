package io.github.modelcache.http.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.TestCertificate;
import java.io.EOFException;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that ends HTTP/2 connections and streams while requests are under way. */
class Http2FaultTest {
    private static final int INTERNAL_ERROR = 2;
    private static final int REFUSED_STREAM = 7;

    @TempDir
    Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private SSLContext known;

    @BeforeEach
    void certify() throws Exception {
        known = TestCertificate.of("localhost", folder);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void asksOverAnotherConnectionAfterGoAway() throws Exception {
        RawHttp2Server server = serve(stream -> {
            if (stream.id() > 9) {
                throw new EOFException("a stream after GOAWAY");
            }
            stream.ok("ok");
            if (stream.id() == 9) {
                stream.goAway();
            }
        });
        HttpTransport http = http();
        for (int i = 0; i < 23; i++) {
            assertThat(read(http, server)).isEqualTo("ok");
        }
        assertThat(server.protocols()).hasSizeGreaterThan(2);
    }

    @Test
    void losesNoneOfManyRequestsAtOnceToGoAway() throws Exception {
        RawHttp2Server server = serve(stream -> {
            stream.ok("ok");
            if (stream.number() == 10) {
                stream.goAway();
                throw new EOFException("closed after GOAWAY");
            }
        });
        HttpTransport http = http();
        read(http, server);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                answers.add(threads.submit(() -> read(http, server)));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("ok");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void asksOnceMoreForAStreamThatIsRefused() throws Exception {
        RawHttp2Server server = serve(stream -> {
            if (stream.number() == 2) {
                stream.reset(REFUSED_STREAM);
            } else {
                stream.ok("ok");
            }
        });
        HttpTransport http = http();
        assertThat(read(http, server)).isEqualTo("ok");
        assertThat(read(http, server)).isEqualTo("ok");
    }

    @Test
    void saysThatAStreamWasResetInItsMiddleAndAnswersTheNext() throws Exception {
        RawHttp2Server server = serve(stream -> {
            if (stream.number() == 2) {
                stream.begin("half");
                stream.reset(INTERNAL_ERROR);
            } else {
                stream.ok("ok");
            }
        });
        HttpTransport http = http();
        assertThat(read(http, server)).isEqualTo("ok");
        assertThatThrownBy(() -> read(http, server)).isInstanceOf(IOException.class);
        assertThat(read(http, server)).isEqualTo("ok");
    }

    @Test
    void asksOverHttp1WhereEachStreamIsReset() throws Exception {
        RawHttp2Server server = serve(stream -> stream.reset(INTERNAL_ERROR));
        HttpTransport http = http();
        assertThat(read(http, server)).isEqualTo("ok");
        assertThat(server.protocols()).contains("h2").endsWith("");
    }

    private RawHttp2Server serve(RawHttp2Server.Behaviour behaviour) throws IOException {
        RawHttp2Server server = new RawHttp2Server(known, behaviour);
        opened.add(server);
        return server;
    }

    private HttpTransport http() {
        HttpTransport http = new HttpTransport(new TransportOptions(Patience.ENDLESS, Patience.ENDLESS), () -> known);
        opened.add(http);
        return http;
    }

    private static String read(HttpTransport http, RawHttp2Server server) throws IOException {
        URI uri = URI.create("https://localhost:" + server.port() + "/m");
        TransportResponse reply = http.send(
                new TransportRequest("GET", uri, Map.of(), Optional.empty(), Proxy.NO_PROXY, Optional.empty()));
        String body = new String(reply.body().readAllBytes(), ISO_8859_1);
        reply.end();
        return body;
    }
}
