package io.github.modelcache.http;

import static io.github.modelcache.testing.FaultyServer.hangUp;
import static io.github.modelcache.testing.FaultyServer.ok;
import static io.github.modelcache.testing.FaultyServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.Patience;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpUploadTest {

    private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.UTF_8);
    /** More than any system keeps for a connection whose other end does not read. */
    private static final int LONG = 96 << 20;

    private final FaultyServer server = new FaultyServer();
    private final List<Duration> pauses = new ArrayList<>();
    /** How long a server may be silent. */
    private Duration idle = Patience.ENDLESS;

    @TempDir
    Path folder;

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @Test
    void putsWhereTheServerSays() throws Exception {
        server.on("/uploads", status(202, "Location: /place?a=%2Fb")).on("/place", status(201));

        assertThat(upload(HttpContent.of(CONTENT))).isTrue();

        assertThat(server.requests()).hasSize(2);
        FaultyServer.Request put = server.requests().get(1);
        assertThat(put.method()).isEqualTo("PUT");
        assertThat(put.target()).isEqualTo("/place?a=%2Fb&done");
        assertThat(put.header("Content-Length")).isEqualTo("10");
        assertThat(server.requests().get(0).header("Content-Length")).isEqualTo("0");
    }

    @Test
    void sendsNothingThatIsNotNeeded() throws Exception {
        server.on("/uploads", status(201));

        assertThat(upload(HttpContent.of(CONTENT))).isFalse();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void beginsAnewWhereItFailedForAMoment() throws Exception {
        server.on("/uploads", status(202, "Location: /place")).on("/place", hangUp(), status(503), status(201));

        assertThat(upload(HttpContent.of(CONTENT))).isTrue();
        assertThat(server.requests()).hasSize(6);
        assertThat(pauses).hasSize(2);
    }

    @Nested
    class APostWithContent {

        @ParameterizedTest
        @ValueSource(ints = {0, 500, 502, 504})
        void isNotSentAgainAfterItMayHaveArrived(int status) {
            server.on("/token", status == 0 ? hangUp() : status(status), ok(CONTENT));
            assertThatThrownBy(this::post)
                    .isInstanceOf(TransferException.class)
                    .hasMessageContaining("It is not sent again, because it may have arrived");
            assertThat(server.requests()).hasSize(1);
            assertThat(pauses).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(ints = {408, 425, 429, 503})
        void isSentAgainWhereTheServerSaysLater(int status) throws Exception {
            server.on("/token", status(status), ok(CONTENT));
            assertThat(post().body()).isEqualTo(CONTENT);
            assertThat(server.requests()).hasSize(2);
        }

        @Test
        void isSentAgainWhereNobodyListened() throws Exception {
            int port = server.port();
            server.close();
            assertThatThrownBy(() ->
                            transfer().sendSecret(URI.create("http://127.0.0.1:" + port + "/"), Map.of(), CONTENT))
                    .isInstanceOf(TransferException.class)
                    .hasMessageContaining("gave up after 3 attempts");
        }

        private BufferedResponse post() throws IOException {
            return transfer().sendSecret(server.uri("/token"), Map.of(), CONTENT);
        }
    }

    @Test
    void aPutIsSentAgain() throws Exception {
        server.on("/manifest", hangUp(), status(500), ok(CONTENT));
        assertThat(transfer()
                        .send("PUT", server.uri("/manifest"), Map.of(), CONTENT)
                        .status())
                .isEqualTo(200);
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void requestsWaitBeforeTheServerRefusesThem() throws Exception {
        server.on(
                "/m", ok(CONTENT, "RateLimit: \"resolvers\";r=2;t=59", "RateLimit-Policy: \"resolvers\";q=3000;w=300"));
        HttpTransfer transfer = transfer();
        for (int i = 0; i < 3; i++) {
            transfer.get(server.uri("/m"), Map.of(), 100);
        }
        assertThat(pauses).as("the second is the first that knows").hasSize(1);
        assertThat(pauses.get(0).toSeconds()).isBetween(15L, 60L);
    }

    @Test
    void aServerThatTakesNoMoreBytesIsGivenUp() throws Exception {
        server.on("/uploads", status(202, "Location: /place")).on("/place", server.silence());
        idle = Duration.ofMillis(300);
        Path file = folder.resolve("large");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(LONG);
        }

        assertThatThrownBy(() -> upload(HttpContent.of(file, LONG, TransferProgress.NONE)))
                .isInstanceOfSatisfying(
                        TransferException.class, e -> assertThat(e.kind()).isEqualTo(TransferException.Kind.TIMEOUT));
    }

    @Test
    void anAnswerBeforeAllIsSentCounts() throws Exception {
        server.on("/uploads", status(202, "Location: /place")).on("/place", status(413));
        Path file = folder.resolve("large");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(LONG);
        }

        assertThatThrownBy(() -> upload(HttpContent.of(file, LONG, TransferProgress.NONE)))
                .hasMessageContaining("answered 413");
    }

    @Test
    void aServerThatNamesNoPlaceIsNoneForUploads() {
        server.on("/uploads", ok(CONTENT));

        assertThatThrownBy(() -> upload(HttpContent.of(CONTENT)))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("names no place");
    }

    @Test
    void aFileThatIsGoneOrShorterIsNoReasonToTryAgain() throws Exception {
        server.on("/uploads", status(202, "Location: /place")).on("/place", status(201));
        Path file = Files.write(folder.resolve("short"), CONTENT);

        assertThatThrownBy(() -> upload(HttpContent.of(file, 11, TransferProgress.NONE)))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageContaining("became shorter");
        Files.delete(file);
        assertThatThrownBy(() -> upload(HttpContent.of(file, 10, TransferProgress.NONE)))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageContaining("no longer exists");
        assertThat(pauses).isEmpty();
    }

    @Test
    void credentialsComeFromNowhereElse() {
        assertThatThrownBy(
                        () -> transfer().send("PUT", server.uri("/place"), Map.of("Authorization", "Basic x"), CONTENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("comes from the credentials only");
    }

    @Test
    void theAnswerToAHeadHasNoBody() throws Exception {
        server.on("/m", (request, out) -> FaultyServer.head(out, 200, 1_000_000, "X-A: b"));

        BufferedResponse answer = transfer().head(server.uri("/m"), Map.of());

        assertThat(answer.header("X-A")).contains("b");
        assertThat(answer.body()).isEmpty();
    }

    private boolean upload(HttpContent content) throws Exception {
        return transfer()
                .upload(
                        server.uri("/uploads"),
                        place -> URI.create(place + (place.getRawQuery() == null ? "?done" : "&done")),
                        Map.of(),
                        content);
    }

    private HttpTransfer transfer() {
        return new HttpTransfer(
                new HttpOptions(Patience.ENDLESS, idle, 2, pauses::add, Credentials.NONE, ProxySelection.NONE, "test"));
    }
}
