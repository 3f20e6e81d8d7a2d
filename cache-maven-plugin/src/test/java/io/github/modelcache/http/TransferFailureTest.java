package io.github.modelcache.http;

import static io.github.modelcache.testing.FaultyServer.cutAfter;
import static io.github.modelcache.testing.FaultyServer.hangUp;
import static io.github.modelcache.testing.FaultyServer.ok;
import static io.github.modelcache.testing.FaultyServer.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.testing.FaultyServer;
import java.io.InterruptedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransferFailureTest extends HttpTransferCase {

    @Nested
    class Status {

        @ParameterizedTest
        @CsvSource({
            "401,UNAUTHORIZED",
            "403,FORBIDDEN",
            "404,NOT_FOUND",
            "410,NOT_FOUND",
            "400,CLIENT_ERROR",
            "501,SERVER_ERROR"
        })
        void aFinalStatusIsNotRetried(int status, Kind kind) {
            server.on("/m", status(status, "X-Error-Code: RepoNotFound"));
            TransferException e = failure("/m?token=" + SECRET, ExpectedContent.NONE);
            assertThat(e.kind()).isEqualTo(kind);
            assertThat(e.status()).hasValue(status);
            assertThat(e.headers()).containsEntry("x-error-code", "RepoNotFound");
            assertThat(e).hasMessageContaining("/m answered " + status).hasMessageNotContaining(SECRET);
            assertThat(server.requests()).hasSize(1);
            assertThat(partial).doesNotExist();
        }

        @ParameterizedTest
        @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
        void aTemporaryStatusIsRetriedWithLongerPauses(int status) {
            server.on("/m", status(status));
            TransferException e = failure("/m", ExpectedContent.NONE);
            assertThat(e.status()).hasValue(status);
            assertThat(e).hasMessageContaining("6 attempts");
            assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 8L);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "429 | Retry-After: 7 | 7",
                    "503 | Retry-After: 12 | 12",
                    "429 | Retry-After: Sun, 01 Nov 2026 10:00:30 GMT | 30",
                    "503 | Retry-After: Sun, 01 Nov 2026 09:00:00 GMT | 0",
                    "429 | RateLimit: \"resolvers\";r=0;t=55 | 56",
                    "429 | RateLimit: \"api\";r=0;t=5, \"resolvers\";r=0;t=9 | 10",
                    "429 | RateLimit-Reset: 21 | 21",
                    "429 | RateLimit: \"resolvers\";r=3;t=55 | 1",
                    "429 | Retry-After: soon | 1",
                    "500 | Retry-After: 7 | 1",
                })
        void thePauseIsTheOneThatTheServerAsksFor(int status, String header, long seconds) throws Exception {
            server.on("/m", status(status, header, "Date: Sun, 01 Nov 2026 10:00:00 GMT"), ok(content));
            fetch("/m", ExpectedContent.NONE);
            assertThat(pauses).containsExactly(Duration.ofSeconds(seconds));
        }

        @Test
        void aPauseOfMoreThanFiveMinutesIsAnError() {
            server.on("/m", status(503, "Retry-After: 301"));
            TransferException e = failure("/m", ExpectedContent.NONE);
            assertThat(e.kind()).isEqualTo(Kind.RATE_LIMITED);
            assertThat(e).hasMessageContaining("301 s").hasMessageContaining("300 s");
            assertThat(pauses).isEmpty();
        }

        @Test
        void anInterruptEndsThePause() {
            server.on("/m", status(503));
            HttpTransfer impatient = new HttpTransfer(options(0, Credentials.NONE, ProxySelection.NONE, duration -> {
                throw new InterruptedException();
            }));
            assertThatThrownBy(() -> impatient.get(server.uri("/m"), Map.of(), 10))
                    .isInstanceOf(TransferException.class);
            HttpTransfer patient = new HttpTransfer(options(1, Credentials.NONE, ProxySelection.NONE, duration -> {
                throw new InterruptedException();
            }));
            assertThatThrownBy(() -> patient.get(server.uri("/m"), Map.of(), 10))
                    .isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Nested
    class Connection {

        @Test
        void aBodyThatIsAlwaysTooShortIsAnError() {
            server.on("/m", cutAfter(content, 1000, "ETag: " + V1), cutAfter(content, 1000, "ETag: " + V1));
            TransferException e = failure("/m", ExpectedContent.NONE);
            assertThat(e.kind()).isEqualTo(Kind.TRUNCATED);
            assertThat(e).hasMessageContaining("1000 of 300000 bytes").hasMessageContaining("attempts");
            assertThat(partial).hasSize(1000);
            assertThat(PartialFile.sidecar(partial)).exists();
        }

        @Test
        void aTruncatedChunkedBodyIsRetried() throws Exception {
            FaultyServer.Reply broken = (request, out) -> out.write(("HTTP/1.1 200 OK\r\nETag: " + V1
                            + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nabc")
                    .getBytes(UTF_8));
            server.on("/m", broken, ok(content));
            assertThat(fetch("/m", ExpectedContent.NONE).sha256()).isEqualTo(sha256(content));
        }

        @Test
        void aServerThatNeverAnswersIsATimeout() {
            server.on("/m", server.silence());
            idle = Duration.ofMillis(400);
            HttpTransfer once = new HttpTransfer(options(0, Credentials.NONE, ProxySelection.NONE, pauses::add));
            TransferException e = catchThrowableOfType(
                    TransferException.class,
                    () -> once.fetch(server.uri("/m"), partial, ExpectedContent.NONE, TransferProgress.NONE));
            assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
        }

        @Test
        void aClosedConnectionIsRetried() throws Exception {
            server.on("/m", hangUp(), hangUp(), hangUp(), ok(content));
            assertThat(fetch("/m", ExpectedContent.NONE).sha256()).isEqualTo(sha256(content));
        }

        @Test
        void anUnreachableServerIsReportedWithoutSecrets() throws Exception {
            int port;
            try (ServerSocket socket = new ServerSocket(0)) {
                port = socket.getLocalPort();
            }
            URI uri = URI.create("http://user:" + SECRET + "@127.0.0.1:" + port + "/m?sig=" + SECRET);
            Recorder recorder = new Recorder();
            TransferException e = catchThrowableOfType(
                    TransferException.class, () -> transfer().fetch(uri, partial, ExpectedContent.NONE, recorder));
            assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(e).hasMessageContaining("127.0.0.1:" + port + "/m").hasMessageNotContaining(SECRET);
            assertThat(recorder.events).containsExactly("failed TransferException");
        }
    }
}
