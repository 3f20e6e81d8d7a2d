package io.github.modelcache.http;

import static io.github.modelcache.testing.FaultyServer.answer;
import static io.github.modelcache.testing.FaultyServer.chunked;
import static io.github.modelcache.testing.FaultyServer.cutAfter;
import static io.github.modelcache.testing.FaultyServer.hangUp;
import static io.github.modelcache.testing.FaultyServer.ok;
import static io.github.modelcache.testing.FaultyServer.ranged;
import static io.github.modelcache.testing.FaultyServer.rangedCutAfter;
import static io.github.modelcache.testing.FaultyServer.redirect;
import static io.github.modelcache.testing.FaultyServer.status;
import static io.github.modelcache.testing.FaultyServer.untilClosed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.Patience;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTransferTest {
    private static final String V1 = "\"v1\"";
    private static final String SECRET = "hf_secret";

    @TempDir
    Path folder;

    private final FaultyServer server = new FaultyServer();
    private final List<Duration> pauses = new ArrayList<>();
    /** How long a server may be silent. */
    private Duration idle = Patience.ENDLESS;

    private byte[] content = new byte[0];
    private Path partial = Path.of("");

    @BeforeEach
    void prepare() {
        content = random(300_000, 1);
        partial = folder.resolve("deep/model.part");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void fetchesHashesAndReports() throws Exception {
        server.on("/m", ok(content, "ETag: " + V1, "Content-Type: application/octet-stream"));
        Recorder recorder = new Recorder();
        TransferResult result = transfer().fetch(server.uri("/m"), partial, ExpectedContent.NONE, recorder);
        assertThat(result)
                .isEqualTo(new TransferResult(
                        content.length,
                        sha256(content),
                        content.length,
                        Optional.of(V1),
                        Optional.of("application/octet-stream")));
        assertThat(partial).hasBinaryContent(content);
        assertThat(PartialFile.sidecar(partial)).doesNotExist();
        assertThat(recorder.events).containsExactly("started 0/300000", "succeeded");
        assertThat(recorder.bytes).isEqualTo(content.length);
        assertThat(server.requests().get(0).header("Accept-Encoding")).isEqualTo("identity");
        assertThat(server.requests().get(0).header("User-Agent")).isEqualTo("test/1");
    }

    @Test
    void hashesLargeBodiesInASecondThreadJustTheSame() throws Exception {
        byte[] large = random(9_000_001, 2);
        server.on("/m", ok(large));
        TransferResult result = fetch("/m", expecting(large));
        assertThat(result.sha256()).isEqualTo(sha256(large));
        assertThat(partial).hasBinaryContent(large);
    }

    @Test
    void anAnswerThatDripsIsGivenUpAtOnce() {
        server.on("/m", ok(content));
        AtomicLong clock = new AtomicLong();
        HttpTransfer transfer = new HttpTransfer(
                options(5, Credentials.NONE, ProxySelection.NONE, pauses::add),
                () -> clock.getAndAdd(TimeUnit.MINUTES.toNanos(6)));
        assertThatThrownBy(() -> transfer.get(server.uri("/m"), Map.of(), content.length))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("did not send its answer within 10 minutes");
        assertThat(server.requests()).hasSize(1);
        assertThat(pauses).isEmpty();
    }

    @Test
    void fetchesAnEmptyFile() throws Exception {
        server.on("/m", ok(new byte[0]));
        assertThat(fetch("/m", ExpectedContent.NONE).size()).isZero();
        assertThat(partial).exists();
    }

    @Test
    void goesOnWhereTheConnectionWasCut() throws Exception {
        server.on("/m", cutAfter(content, 100_000, "ETag: " + V1), ranged(content, V1));
        TransferResult result = fetch("/m", ExpectedContent.NONE);
        assertThat(result.sha256()).isEqualTo(sha256(content));
        assertThat(result.bytesReceived()).isEqualTo(content.length);
        assertThat(partial).hasBinaryContent(content);
        assertThat(server.requests().get(1).header("Range")).isEqualTo("bytes=100000-");
        assertThat(server.requests().get(1).header("If-Range")).isEqualTo(V1);
        assertThat(pauses).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void countsOnlyAttemptsWithoutProgress() throws Exception {
        server.on("/m", rangedCutAfter(content, 20_000, V1));
        assertThat(fetch("/m", ExpectedContent.NONE).sha256()).isEqualTo(sha256(content));
        assertThat(server.requests()).hasSize(15);
        assertThat(pauses).hasSize(14).containsOnly(Duration.ofSeconds(1));
    }

    @Test
    void givesUpOnABodyThatIsAlwaysTooShort() {
        server.on("/m", cutAfter(content, 1000, "ETag: " + V1), cutAfter(content, 1000, "ETag: " + V1));
        TransferException e = failure("/m", ExpectedContent.NONE);
        assertThat(e.kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(e).hasMessageContaining("1000 of 300000 bytes").hasMessageContaining("attempts");
        assertThat(partial).hasSize(1000);
        assertThat(PartialFile.sidecar(partial)).exists();
    }

    @Test
    void startsFromZeroWhenNothingTellsWhatThePartIsOf() throws Exception {
        server.on("/m", cutAfter(content, 1000), ok(content));
        assertThat(fetch("/m", ExpectedContent.NONE).sha256()).isEqualTo(sha256(content));
        assertThat(server.requests().get(1).header("Range")).isEmpty();
    }

    @Test
    void resumesWhatAnEarlierRunLeft() throws Exception {
        interruptedRun(V1);
        server.on("/m", ranged(content, V1));
        Recorder recorder = new Recorder();
        TransferResult result = transfer().fetch(server.uri("/m"), partial, ExpectedContent.NONE, recorder);
        assertThat(result.bytesReceived()).isEqualTo(content.length - 1000);
        assertThat(result.sha256()).isEqualTo(sha256(content));
        assertThat(partial).hasBinaryContent(content);
        assertThat(recorder.events).containsExactly("started 1000/300000", "succeeded");
    }

    @Test
    void resumesByDateWhereThereIsNoTag() throws Exception {
        String date = "Sun, 01 Nov 2026 10:00:00 GMT";
        server.on("/m", cutAfter(content, 1000, "ETag: W/\"weak\"", "Last-Modified: " + date), ranged(content, date));
        fetch("/m", ExpectedContent.NONE);
        assertThat(server.requests().get(1).header("If-Range")).isEqualTo(date);
        assertThat(server.requests().get(1).header("Range")).isEqualTo("bytes=1000-");
    }

    @Test
    void startsFromZeroWhenTheServersFileChanged() throws Exception {
        interruptedRun("\"v0\"");
        server.on("/m", ranged(content, V1));
        TransferResult result = fetch("/m", ExpectedContent.NONE);
        assertThat(result.bytesReceived()).isEqualTo(content.length);
        assertThat(partial).hasBinaryContent(content);
    }

    @Test
    void startsFromZeroForAnotherUrl() throws Exception {
        interruptedRun(V1);
        server.on("/other", ranged(content, V1));
        fetch("/other", ExpectedContent.NONE);
        assertThat(server.requests().get(server.requests().size() - 1).header("Range"))
                .isEmpty();
        assertThat(partial).hasBinaryContent(content);
    }

    @Test
    void startsFromZeroWhereRangesAreIgnored() throws Exception {
        leave(Arrays.copyOf(content, 1000));
        server.on("/m", ok(content));
        assertThat(fetch("/m", expecting(content)).bytesReceived()).isEqualTo(content.length);
        assertThat(partial).hasBinaryContent(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes 0-298999/300000", "bytes 999-299999/300000", "bytes 1000-1999/300000", "nonsense"})
    void startsFromZeroWhenTheServerSendsAnotherRange(String range) throws Exception {
        leave(Arrays.copyOf(content, 1000));
        byte[] rest = Arrays.copyOfRange(content, 1000, content.length);
        server.on("/m", answer(206, rest, "Content-Range: " + range), ok(content));
        fetch("/m", expecting(content));
        assertThat(partial).hasBinaryContent(content);
        assertThat(server.requests()).hasSize(2);
        assertThat(server.requests().get(1).header("Range")).isEmpty();
    }

    @Test
    void startsFromZeroAfter416() throws Exception {
        leave(random(400_000, 7));
        server.on("/m", ranged(content, V1));
        ExpectedContent digestOnly = new ExpectedContent(-1, Optional.of(sha256(content)));
        assertThat(fetch("/m", digestOnly).sha256()).isEqualTo(sha256(content));
        assertThat(server.requests()).hasSize(2);
        assertThat(partial).hasBinaryContent(content);
    }

    @Test
    void throwsAwayAResumedFileThatIsWrongAndFetchesItOnce() throws Exception {
        leave(random(1000, 99));
        server.on("/m", ranged(content, V1));
        assertThat(fetch("/m", expecting(content)).sha256()).isEqualTo(sha256(content));
        assertThat(partial).hasBinaryContent(content);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void sendsNothingWhenAllIsThere() throws Exception {
        leave(content);
        assertThat(fetch("/m", expecting(content)).bytesReceived()).isZero();
        assertThat(fetch("/m", new ExpectedContent(-1, Optional.of(sha256(content))))
                        .bytesReceived())
                .isZero();
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void deletesAFileWithAnotherDigest() {
        server.on("/m", ok(random(content.length, 5)));
        TransferException e = failure("/m", expecting(content));
        assertThat(e.kind()).isEqualTo(Kind.DIGEST_MISMATCH);
        assertThat(e).hasMessageContaining(sha256(content).toString());
        assertThat(partial).doesNotExist();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void checksGitDigestsToo() throws Exception {
        Digest abc = Digest.parse("git_sha1:f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f");
        server.on("/m", ok("abc".getBytes(UTF_8)), ok("abd".getBytes(UTF_8)));
        assertThat(fetch("/m", new ExpectedContent(-1, Optional.of(abc))).size())
                .isEqualTo(3);
        Files.delete(partial);
        assertThat(failure("/m", new ExpectedContent(3, Optional.of(abc))).kind())
                .isEqualTo(Kind.DIGEST_MISMATCH);
    }

    @Test
    void computesOnlyTheDigestThatIsExpected() throws Exception {
        Digest abc = Digest.parse("git_sha1:f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f");
        server.on("/m", ok("abc".getBytes(UTF_8)));
        TransferResult result = fetch("/m", new ExpectedContent(3, Optional.of(abc)));
        assertThat(result.digest()).isEqualTo(abc);
        assertThatIllegalStateException().isThrownBy(result::sha256).withMessageContaining(abc.toString());
    }

    @Test
    void resumesAFileThatIsKnownByItsGitDigest() throws Exception {
        leave(Arrays.copyOf(content, 1000));
        Digest digest = Hashing.digest(Files.write(folder.resolve("whole"), content), DigestAlgorithm.GIT_SHA1);
        server.on("/m", ranged(content, V1));
        TransferResult result = fetch("/m", new ExpectedContent(content.length, Optional.of(digest)));
        assertThat(result.digest()).isEqualTo(digest);
        assertThat(result.bytesReceived()).isEqualTo(content.length - 1000);
        assertThat(partial).hasBinaryContent(content);
    }

    @Test
    void forgetsTheVersionOfAFileThatIsGone() throws Exception {
        leave(new byte[0]);
        Files.delete(partial);
        Files.writeString(PartialFile.sidecar(partial), "of a file that somebody deleted");
        server.on("/m", ok("abc".getBytes(UTF_8)));
        fetch("/m", ExpectedContent.NONE);
        assertThat(server.requests().get(0).header("Range")).isEmpty();
        assertThat(PartialFile.sidecar(partial)).doesNotExist();
    }

    @Test
    void refusesAnotherSizeThanExpected() {
        server.on("/long", ok(content)).on("/short", ok(content)).on("/endless", chunked(content));
        assertThat(failure("/long", sized(1000)).kind()).isEqualTo(Kind.TOO_LONG);
        assertThat(failure("/short", sized(300_001)).kind()).isEqualTo(Kind.SIZE_MISMATCH);
        assertThat(failure("/endless", sized(1000)).kind()).isEqualTo(Kind.TOO_LONG);
        assertThat(failure("/endless", sized(300_001)).kind()).isEqualTo(Kind.SIZE_MISMATCH);
        assertThat(partial).doesNotExist();
    }

    @Test
    void readsBodiesWithoutALength() throws Exception {
        server.on("/chunked", chunked(content)).on("/closed", untilClosed(content));
        assertThat(fetch("/chunked", ExpectedContent.NONE).sha256()).isEqualTo(sha256(content));
        assertThat(fetch("/closed", ExpectedContent.NONE).sha256()).isEqualTo(sha256(content));
    }

    @Test
    void retriesAChunkedBodyThatEndsEarly() throws Exception {
        FaultyServer.Reply broken = (request, out) -> out.write(("HTTP/1.1 200 OK\r\nETag: " + V1
                        + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nabc")
                .getBytes(UTF_8));
        server.on("/m", broken, ok(content));
        assertThat(fetch("/m", ExpectedContent.NONE).sha256()).isEqualTo(sha256(content));
    }

    @Test
    void refusesAnEncodedAnswer() {
        server.on("/m", ok(content, "Content-Encoding: gzip"));
        assertThat(failure("/m", ExpectedContent.NONE))
                .hasMessageContaining("gzip")
                .extracting(TransferException::kind)
                .isEqualTo(Kind.SERVER_ERROR);
        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "401,UNAUTHORIZED",
        "403,FORBIDDEN",
        "404,NOT_FOUND",
        "410,NOT_FOUND",
        "400,CLIENT_ERROR",
        "501,SERVER_ERROR"
    })
    void saysWhatAStatusMeansWithoutRetrying(int status, Kind kind) {
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
    void retriesPassingTroubleWithBackoff(int status) {
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
    void waitsAsLongAsTheServerAsks(int status, String header, long seconds) throws Exception {
        server.on("/m", status(status, header, "Date: Sun, 01 Nov 2026 10:00:00 GMT"), ok(content));
        fetch("/m", ExpectedContent.NONE);
        assertThat(pauses).containsExactly(Duration.ofSeconds(seconds));
    }

    @Test
    void doesNotWaitLongerThanFiveMinutes() {
        server.on("/m", status(503, "Retry-After: 301"));
        TransferException e = failure("/m", ExpectedContent.NONE);
        assertThat(e.kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(e).hasMessageContaining("301 s").hasMessageContaining("300 s");
        assertThat(pauses).isEmpty();
    }

    @Test
    void stopsWhenItIsInterruptedWhileWaiting() {
        server.on("/m", status(503));
        HttpTransfer impatient = new HttpTransfer(options(0, Credentials.NONE, ProxySelection.NONE, duration -> {
            throw new InterruptedException();
        }));
        assertThatThrownBy(() -> impatient.get(server.uri("/m"), Map.of(), 10)).isInstanceOf(TransferException.class);
        HttpTransfer patient = new HttpTransfer(options(1, Credentials.NONE, ProxySelection.NONE, duration -> {
            throw new InterruptedException();
        }));
        assertThatThrownBy(() -> patient.get(server.uri("/m"), Map.of(), 10))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void goesOnAfterAStall() throws Exception {
        Patience.growing(patience -> {
            idle = patience;
            Files.deleteIfExists(partial);
            int before = server.requests().size();
            server.on("/m", server.stallAfter(content, 5000, "ETag: " + V1), ranged(content, V1));
            assertThat(fetch("/m", ExpectedContent.NONE).sha256()).isEqualTo(sha256(content));
            assertThat(server.requests().get(before + 1).header("Range")).isEqualTo("bytes=5000-");
        });
    }

    @Test
    void reportsAServerThatNeverAnswers() {
        server.on("/m", server.silence());
        idle = Duration.ofMillis(400);
        HttpTransfer once = new HttpTransfer(options(0, Credentials.NONE, ProxySelection.NONE, pauses::add));
        TransferException e = catchThrowableOfType(
                TransferException.class,
                () -> once.fetch(server.uri("/m"), partial, ExpectedContent.NONE, TransferProgress.NONE));
        assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
    }

    @Test
    void retriesWhenTheServerHangsUp() throws Exception {
        server.on("/m", hangUp(), hangUp(), hangUp(), ok(content));
        assertThat(fetch("/m", ExpectedContent.NONE).sha256()).isEqualTo(sha256(content));
    }

    @Test
    void reportsAServerThatIsNotThere() throws Exception {
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

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void followsRelativeRedirectsWithTheirQuery(int status) throws Exception {
        server.on("/a/m", redirect(status, "../b/m?x=1&etag=%22v1%22")).on("/b/m", ok(content));
        fetch("/a/m", ExpectedContent.NONE);
        assertThat(server.requests().get(1).target()).isEqualTo("/b/m?x=1&etag=%22v1%22");
    }

    @Test
    void resolvesRedirectsAsTheStandardSays() {
        URI base = URI.create("http://h:1/a/b?q=1");
        assertThat(Urls.resolve(base, "?x=2")).hasValue(URI.create("http://h:1/a/b?x=2"));
        assertThat(Urls.resolve(base, "/c d\u00e9#f")).hasValue(URI.create("http://h:1/c%20d%E9"));
        assertThat(Urls.resolve(base, "//other/c")).hasValue(URI.create("http://other/c"));
        assertThat(Urls.resolve(URI.create("http://h"), "c")).hasValue(URI.create("http://h/c"));
        assertThat(Urls.resolve(base, "http://[bad")).isEmpty();
    }

    @Test
    void keepsTheRangeThroughRedirects() throws Exception {
        leave(Arrays.copyOf(content, 1000));
        server.on("/m", redirect(302, "/cdn")).on("/cdn", ranged(content, V1));
        fetch("/m", expecting(content));
        assertThat(server.requests().get(1).header("Range")).isEqualTo("bytes=1000-");
    }

    @Test
    void refusesRedirectLoopsAndDeadEnds() {
        server.on("/a", redirect(302, "/b")).on("/b", redirect(302, "/a"));
        for (int i = 0; i < 25; i++) {
            server.on("/" + i, redirect(302, "/" + (i + 1)));
        }
        server.on("/nowhere", status(302)).on("/ftp", redirect(302, "ftp://127.0.0.1/x"));
        server.on("/file", redirect(302, "file:///etc/passwd"));
        assertThat(failure("/a", ExpectedContent.NONE).kind()).isEqualTo(Kind.REDIRECT_LOOP);
        assertThat(failure("/0", ExpectedContent.NONE).kind()).isEqualTo(Kind.REDIRECT_LOOP);
        for (String path : List.of("/nowhere", "/ftp", "/file")) {
            assertThat(failure(path, ExpectedContent.NONE).kind()).isEqualTo(Kind.SERVER_ERROR);
        }
        assertThat(pauses).isEmpty();
    }

    @Test
    void sendsCredentialsOnlyToTheirOwnHost() throws Exception {
        server.on("/m", redirect(302, server.uri("localhost", "/elsewhere").toString()))
                .on("/elsewhere", redirect(302, server.uri("/back").toString()))
                .on("/back", ok(content));
        fetch(server.uri("/m"), ExpectedContent.NONE, ownHostOnly());
        assertThat(server.requests())
                .extracting(request -> request.header("Authorization"))
                .containsExactly("Bearer " + SECRET, "", "Bearer " + SECRET);
    }

    @Test
    void neverShowsASecretThatNoHeaderCanHold() {
        Credentials broken = uri -> Optional.of("Bearer " + SECRET + "\n");
        TransferException e = catchThrowableOfType(
                TransferException.class, () -> fetch(server.uri("/m"), ExpectedContent.NONE, broken));
        assertThat(e).hasMessageContaining("line break").hasStackTraceContaining("TransferException");
        assertThat(e.toString() + e.getCause()).doesNotContain(SECRET);
    }

    @Test
    void sendsTheProxysPasswordToTheProxyOnly() throws Exception {
        FaultyServer proxy = server.on("http://model.invalid/m", ok(content));
        ProxySelection selection = new ProxySelection() {
            @Override
            public Proxy select(URI uri) {
                return new Proxy(
                        Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
            }

            @Override
            public Optional<PasswordAuthentication> authentication(URI uri) {
                return Optional.of(new PasswordAuthentication("me", "pw".toCharArray()));
            }
        };
        HttpTransfer transfer = new HttpTransfer(options(0, Credentials.NONE, selection, pauses::add));
        BufferedResponse answer = transfer.get(URI.create("http://model.invalid/m"), Map.of(), 1_000_000);
        assertThat(answer.body()).isEqualTo(content);
        assertThat(proxy.requests().get(0).header("Proxy-Authorization")).isEqualTo("Basic bWU6cHc=");
    }

    @Test
    void saysWhyAnHttpsProxyRefuses() {
        FaultyServer proxy = server.on("model.invalid:443", status(407, "Proxy-Authenticate: Basic realm=\"p\""));
        ProxySelection selection = uri ->
                new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
        HttpTransfer transfer = new HttpTransfer(options(3, Credentials.NONE, selection, pauses::add));
        TransferException e = catchThrowableOfType(
                TransferException.class, () -> transfer.get(URI.create("https://model.invalid/m"), Map.of(), 10));
        assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(e).hasMessageContaining("requires a user name and password");
        assertThat(pauses).isEmpty();
    }

    @Test
    void readsSmallAnswersWithTheirHeaders() throws Exception {
        server.on("/api", redirect(307, "/real"))
                .on("/real", status(500), ok("{}".getBytes(UTF_8), "Link: <a>; rel=\"next\"", "Link: <b>"));
        BufferedResponse answer = transfer().get(server.uri("/api"), Map.of("Accept", "application/json"), 10);
        assertThat(answer.text()).isEqualTo("{}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("link")).hasValue("<a>; rel=\"next\", <b>");
        assertThat(answer.uri()).isEqualTo(server.uri("/real"));
        assertThat(server.requests().get(3).header("Accept")).isEqualTo("application/json");
    }

    @Test
    void refusesAnswersThatAreTooLongOrAnErrorOrCut() {
        server.on("/long", ok(content))
                .on("/none", status(404, "X-Error-Code: EntryNotFound"))
                .on("/cut", cutAfter(content, 10));
        assertThat(getFailure("/long").kind()).isEqualTo(Kind.TOO_LONG);
        assertThat(getFailure("/none").headers()).containsEntry("X-Error-Code", "EntryNotFound");
        assertThat(getFailure("/cut").kind()).isEqualTo(Kind.UNREACHABLE);
        assertThatThrownBy(() -> transfer().get(server.uri("/x"), Map.of("authorization", SECRET), 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void copiesFilesAndHashesThem() throws Exception {
        Path source = Files.write(folder.resolve("source file"), content);
        TransferResult result = fetch(source.toUri(), expecting(content), Credentials.NONE);
        assertThat(result.sha256()).isEqualTo(sha256(content));
        assertThat(partial).hasBinaryContent(content);
        assertThat(transfer().get(source.toUri(), Map.of(), 300_000).body()).isEqualTo(content);
        assertThat(fileFailure(source.toUri(), sized(1)).kind()).isEqualTo(Kind.TOO_LONG);
        ExpectedContent other = new ExpectedContent(-1, Optional.of(sha256(new byte[1])));
        assertThat(fileFailure(source.toUri(), other).kind()).isEqualTo(Kind.DIGEST_MISMATCH);
        assertThat(fileFailure(folder.resolve("none").toUri(), ExpectedContent.NONE)
                        .kind())
                .isEqualTo(Kind.NOT_FOUND);
        assertThat(fileFailure(folder.toUri(), ExpectedContent.NONE).kind()).isEqualTo(Kind.CLIENT_ERROR);
        assertThat(fileFailure(URI.create("ftp://h/x"), ExpectedContent.NONE).kind())
                .isEqualTo(Kind.CLIENT_ERROR);
        assertThat(partial).doesNotExist();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void neverWritesThroughALink() throws Exception {
        Path shared = Files.writeString(folder.resolve("shared"), "payload of others");
        Files.createDirectories(folder.resolve("deep"));
        Files.createSymbolicLink(partial, shared);
        server.on("/m", ok(content));
        fetch("/m", expecting(content));
        assertThat(shared).hasContent("payload of others");
        assertThat(partial).isRegularFile().hasBinaryContent(content);
        assertThat(Files.isSymbolicLink(partial)).isFalse();
    }

    @Test
    void keepsSignaturesOutOfTheSidecar() throws Exception {
        server.on("/m", cutAfter(content, 1000, "ETag: " + V1), status(404));
        failure("/m?sig=" + SECRET, ExpectedContent.NONE);
        assertThat(Files.readString(PartialFile.sidecar(partial)))
                .contains("/m\n", V1)
                .doesNotContain(SECRET);
    }

    @Test
    void saysBeforehandThatTheDiskIsTooSmall() {
        server.on("/m", FaultyServer.announcing(1L << 60, content, "ETag: " + V1));
        TransferException e = failure("/m", ExpectedContent.NONE);
        assertThat(e.kind()).isEqualTo(Kind.DISK_FULL);
        assertThat(e).hasMessageContaining(String.valueOf(1L << 60));
    }

    @Test
    void saysThatTheDiskRanFull() throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "none", disk.toString()), "needs a mount");
        try {
            partial = disk.resolve("m.part");
            server.on("/m", chunked(content));
            TransferException e = failure("/m", ExpectedContent.NONE);
            assertThat(e.kind()).isEqualTo(Kind.DISK_FULL);
            assertThat(e).hasMessageContaining("is full");
            assertThat(server.requests()).hasSize(1);
        } finally {
            run("umount", disk.toString());
        }
    }

    private void interruptedRun(String etag) {
        server.on("/m", cutAfter(content, 1000, "ETag: " + etag), status(404));
        assertThat(failure("/m", ExpectedContent.NONE).kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(partial).hasSize(1000);
        pauses.clear();
    }

    private void leave(byte[] bytes) throws IOException {
        Files.createDirectories(folder.resolve("deep"));
        Files.write(partial, bytes);
    }

    private Credentials ownHostOnly() {
        return uri -> "127.0.0.1".equals(uri.getHost()) ? Optional.of("Bearer " + SECRET) : Optional.empty();
    }

    private TransferResult fetch(String target, ExpectedContent expected) throws IOException {
        return fetch(server.uri(target), expected, Credentials.NONE);
    }

    private TransferResult fetch(URI uri, ExpectedContent expected, Credentials credentials) throws IOException {
        return new HttpTransfer(options(5, credentials, ProxySelection.NONE, pauses::add))
                .fetch(uri, partial, expected, TransferProgress.NONE);
    }

    private TransferException failure(String target, ExpectedContent expected) {
        return catchThrowableOfType(TransferException.class, () -> fetch(target, expected));
    }

    private TransferException fileFailure(URI uri, ExpectedContent expected) {
        return catchThrowableOfType(TransferException.class, () -> fetch(uri, expected, Credentials.NONE));
    }

    private TransferException getFailure(String target) {
        return catchThrowableOfType(TransferException.class, () -> transfer().get(server.uri(target), Map.of(), 100));
    }

    private HttpTransfer transfer() {
        return new HttpTransfer(options(5, Credentials.NONE, ProxySelection.NONE, pauses::add));
    }

    private HttpOptions options(int retries, Credentials credentials, ProxySelection proxies, Sleeper pause) {
        return new HttpOptions(Patience.ENDLESS, idle, retries, pause, credentials, proxies, "test/1");
    }

    private static ExpectedContent expecting(byte[] bytes) {
        return new ExpectedContent(bytes.length, Optional.of(sha256(bytes)));
    }

    private static ExpectedContent sized(long size) {
        return new ExpectedContent(size, Optional.empty());
    }

    private static Digest sha256(byte[] bytes) {
        MessageDigest digest = DigestAlgorithm.SHA256.start(bytes.length);
        return Digest.of(DigestAlgorithm.SHA256, digest.digest(bytes));
    }

    private static byte[] random(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(Patience.ENDLESS.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static final class Recorder implements TransferProgress {
        private final List<String> events = new ArrayList<>();
        private long bytes;

        @Override
        public void started(URI uri, long resumedFrom, long total) {
            events.add("started " + resumedFrom + "/" + total);
        }

        @Override
        public void progressed(long more) {
            bytes += more;
        }

        @Override
        public void succeeded() {
            events.add("succeeded");
        }

        @Override
        public void failed(Exception e) {
            events.add("failed " + e.getClass().getSimpleName());
        }
    }
}
