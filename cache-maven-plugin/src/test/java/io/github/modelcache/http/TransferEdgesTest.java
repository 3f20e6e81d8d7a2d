package io.github.modelcache.http;

import static io.github.modelcache.testing.FaultyServer.answer;
import static io.github.modelcache.testing.FaultyServer.chunked;
import static io.github.modelcache.testing.FaultyServer.cutAfter;
import static io.github.modelcache.testing.FaultyServer.ok;
import static io.github.modelcache.testing.FaultyServer.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.Patience;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What just fits a transfer, what just does not, and what stays of what was there. */
class TransferEdgesTest {

    private static final String V1 = "\"v1\"";
    private static final int LEFT = 1000;
    private static final int WORTH_RESUMING = 128 << 10;

    @TempDir
    Path folder;

    private final FaultyServer server = new FaultyServer();
    private final byte[] content = new byte[5000];
    private final HttpTransfer transfer = new HttpTransfer(new HttpOptions(
            Patience.ENDLESS, Patience.ENDLESS, 0, duration -> {}, Credentials.NONE, ProxySelection.NONE, "test/1"));
    private Path partial = Path.of("");

    @BeforeEach
    void fill() {
        new Random(1).nextBytes(content);
        partial = folder.resolve("model.part");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void whatIsThereStaysWhereAnAnswerCannotBeTheFile() throws Exception {
        for (FaultyServer.Reply other : List.of(
                ok(content, "Content-Encoding: gzip"), ok(Arrays.copyOf(content, 4999)), status(404), status(416))) {
            Files.write(partial, Arrays.copyOf(content, LEFT));
            server.on("/m", other, status(404));
            failure(() -> fetch(expecting(content)));
            if (server.requests().size() < 5) {
                assertThat(partial).hasBinaryContent(Arrays.copyOf(content, LEFT));
            }
        }
        assertThat(server.requests().get(4).header("Range")).as("after 416").isEmpty();
    }

    @Test
    void aPartAsLongAsTheFileIsContinuedOnlyWhereTheDigestTells() throws Exception {
        Files.write(partial, content);
        server.on("/m", ok(content, "ETag: " + V1));
        assertThat(fetch(sized(content.length)).bytesReceived()).isEqualTo(content.length);
        Files.write(partial, Arrays.copyOf(content, content.length + 1));
        assertThat(fetch(expecting(content)).bytesReceived()).isEqualTo(content.length);
        assertThat(server.requests())
                .hasSize(2)
                .allMatch(request -> request.header("Range").isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "bytes 1000-4999/*, true",
        "bytes 1000-4999/5000, true",
        "bytes 1000-4999/5001, false",
        "bytes 1000-4998/4999, false",
        "bytes 1001-4999/5000, false"
    })
    void aRangeIsTakenOnlyWhereItIsAllTheRest(String range, boolean taken) throws Exception {
        Files.write(partial, Arrays.copyOf(content, LEFT));
        byte[] rest = Arrays.copyOfRange(content, LEFT, content.length);
        server.on("/m", answer(206, rest, "Content-Range: " + range), ok(content));
        TransferResult transferred = fetch(expecting(content));
        assertThat(partial).hasBinaryContent(content);
        assertThat(transferred.bytesReceived()).isEqualTo(taken ? rest.length : content.length);
    }

    @ParameterizedTest
    @CsvSource({"'\"v1\"', 2", "'\"v2\"', 3", "'', 2"})
    void aRangeOfAnotherVersionIsNotTaken(String version, int requests) throws Exception {
        byte[] large = Arrays.copyOf(content, WORTH_RESUMING);
        server.on("/m", cutAfter(large, LEFT, "ETag: " + V1));
        failure(() -> fetch(ExpectedContent.NONE));
        byte[] rest = Arrays.copyOfRange(large, LEFT, large.length);
        String range = "Content-Range: bytes 1000-131071/131072";
        server.on(
                "/m",
                version.isEmpty() ? answer(206, rest, range) : answer(206, rest, range, "ETag: " + version),
                ok(large));
        fetch(ExpectedContent.NONE);
        assertThat(partial).hasBinaryContent(large);
        assertThat(server.requests()).hasSize(requests);
        assertThat(server.requests().get(server.requests().size() - 1).header("Range"))
                .isEqualTo(requests == 2 ? "bytes=1000-" : "");
    }

    @ParameterizedTest
    @CsvSource({"Sun, 2", "Mon, 3", "'', 2"})
    void aRangeOfAnotherDateIsNotTakenWhereNothingElseTellsTheVersion(String day, int requests) throws Exception {
        byte[] large = Arrays.copyOf(content, WORTH_RESUMING);
        server.on("/m", cutAfter(large, LEFT, "Last-Modified: Sun, 01 Nov 2026 10:00:00 GMT"));
        failure(() -> fetch(ExpectedContent.NONE));
        byte[] rest = Arrays.copyOfRange(large, LEFT, large.length);
        String range = "Content-Range: bytes 1000-131071/131072";
        String date = "Last-Modified: " + day + ", 01 Nov 2026 10:00:00 GMT";
        server.on("/m", day.isEmpty() ? answer(206, rest, range) : answer(206, rest, range, date), ok(large));
        fetch(ExpectedContent.NONE);
        assertThat(partial).hasBinaryContent(large);
        assertThat(server.requests()).hasSize(requests);
    }

    @Test
    void aRangeWithoutALengthIsTakenOnlyToTheEndThatItNames() throws Exception {
        byte[] large = Arrays.copyOf(content, WORTH_RESUMING);
        server.on("/m", cutAfter(large, LEFT, "ETag: " + V1));
        failure(() -> fetch(ExpectedContent.NONE));
        server.on("/m", rangeUntilClosed(large, LEFT, 3000), rangeUntilClosed(large, 3000, large.length));
        TransferException cut = failure(() -> fetch(ExpectedContent.NONE));
        assertThat(cut.kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(cut).hasMessageContaining("ended after 3000 of 131072 bytes");
        assertThat(fetch(ExpectedContent.NONE).size()).isEqualTo(WORTH_RESUMING);
        assertThat(partial).hasBinaryContent(large);
    }

    @ParameterizedTest
    @ValueSource(ints = {WORTH_RESUMING - 1, WORTH_RESUMING})
    void theVersionOfASmallFileIsNotWrittenDown(int size) {
        server.on("/m", cutAfter(Arrays.copyOf(content, size), LEFT, "ETag: " + V1));
        failure(() -> fetch(ExpectedContent.NONE));
        assertThat(Files.exists(PartialFile.sidecar(partial))).isEqualTo(size == WORTH_RESUMING);
    }

    @Test
    void aPageInPlaceOfTheFileIsCalledAPage() {
        byte[] page = "<html>sign in".getBytes(UTF_8);
        for (String type : List.of("text/html", "TEXT/HTML; charset=utf-8")) {
            server.on("/m", ok(page, "Content-Type: " + type));
            assertThat(failure(() -> fetch(expecting(content))))
                    .hasMessageContaining("has 13 bytes, expected are 5000; it is an HTML page");
            assertThat(failure(() ->
                            fetch(new ExpectedContent(-1, expecting(content).digest()))))
                    .hasMessageContaining("; it is an HTML page, as proxies send that want a sign-in");
        }
        server.on("/m", ok(page, "Content-Type: text/plain"));
        assertThat(failure(() -> fetch(expecting(content)))).hasMessageNotContaining("HTML");
    }

    @Test
    void aBodyWithoutALengthMayBeNoLongerThanExpected() throws Exception {
        server.on("/m", chunked(content));
        assertThat(fetch(sized(content.length)).size()).isEqualTo(content.length);
        Files.delete(partial);
        TransferException longer = failure(() -> fetch(sized(content.length - 1)));
        assertThat(longer.kind()).isEqualTo(Kind.TOO_LONG);
        assertThat(longer).hasMessageContaining("more than the 4999 bytes");
        TransferException shorter = failure(() -> fetch(sized(content.length + 1)));
        assertThat(shorter.kind()).isEqualTo(Kind.SIZE_MISMATCH);
        assertThat(shorter).hasMessageContaining("has 5000 bytes, expected are 5001");
        assertThat(partial).doesNotExist();
    }

    @Test
    void aFileOfThisMachineIsCheckedAndReportedLikeAnyOther() throws Exception {
        URI source = Files.write(folder.resolve("source"), content).toUri();
        List<String> events = new ArrayList<>();
        TransferProgress progress = new TransferProgress() {
            @Override
            public void started(URI uri, long resumedFrom, long total) {
                events.add("started " + resumedFrom + "/" + total);
            }

            @Override
            public void progressed(long more) {
                events.add("progressed " + more);
            }

            @Override
            public void succeeded() {
                events.add("succeeded");
            }

            @Override
            public void failed(Exception e) {
                events.add("failed");
            }
        };
        Files.write(partial, Arrays.copyOf(content, LEFT));
        transfer.fetch(source, partial, expecting(content), progress);
        assertThat(events).containsExactly("started 0/5000", "progressed 5000", "succeeded");
        assertThat(partial).hasBinaryContent(content);
        TransferException e = failure(() -> transfer.fetch(source, partial, sized(5001), TransferProgress.NONE));
        assertThat(e.kind()).isEqualTo(Kind.SIZE_MISMATCH);
    }

    @Test
    void smallAnswersMayHaveAsManyBytesAsIsSaid() throws Exception {
        URI file = Files.write(folder.resolve("source"), content).toUri();
        server.on("/m", ok(content)).on("/c", chunked(content));
        for (URI uri : List.of(file, server.uri("/m"), server.uri("/c"))) {
            assertThat(transfer.get(uri, Map.of(), content.length).body()).isEqualTo(content);
            assertThat(failure(() -> transfer.get(uri, Map.of(), content.length - 1))
                            .kind())
                    .isEqualTo(Kind.TOO_LONG);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "proxy-authorization", "COOKIE"})
    void secretsComeFromTheCredentialsOnly(String name) {
        Map<String, String> headers = Map.of(name, "secret");
        URI uri = server.uri("/m");
        HttpContent some = HttpContent.of(content);
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> transfer.get(uri, headers, 9),
                () -> transfer.head(uri, headers),
                () -> transfer.send("PUT", uri, headers, content),
                () -> transfer.sendSecret(uri, headers, content),
                () -> transfer.upload(uri, UnaryOperator.identity(), headers, some))) {
            assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(name);
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void onlyHttpIsAsked() {
        URI uri = URI.create("ftp://localhost/m");
        HttpContent some = HttpContent.of(content);
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> transfer.get(uri, Map.of(), 9),
                () -> transfer.head(uri, Map.of()),
                () -> transfer.send("PUT", uri, Map.of(), content),
                () -> transfer.upload(uri, UnaryOperator.identity(), Map.of(), some))) {
            TransferException e = failure(call);
            assertThat(e.kind()).isEqualTo(Kind.CLIENT_ERROR);
            assertThat(e).hasMessageContaining("only http, https and file URLs can");
        }
    }

    @Test
    void aPortThatNoServerCanHaveIsNamedWhoeverSaysIt() {
        String impossible = "http://127.0.0.1:65536/x";
        server.on("/m", FaultyServer.redirect(302, impossible)).on("/place", status(202, "Location: " + impossible));
        assertThat(failure(() -> transfer.get(URI.create(impossible), Map.of(), 9)))
                .hasMessageContaining(impossible + " cannot be fetched");
        assertThat(failure(() -> fetch(ExpectedContent.NONE)))
                .hasMessageContaining("redirects (status 302) to " + impossible + ", which is no http or https URL");
        HttpContent some = HttpContent.of(content);
        assertThat(failure(() -> transfer.upload(server.uri("/place"), UnaryOperator.identity(), Map.of(), some)))
                .hasMessageContaining("names no place to send the file to");
    }

    @Test
    void anErrorTellsWhereItCameFromAndHowItsBodyBegins() {
        server.on("/m", answer(409, "x".repeat(5000).getBytes(UTF_8), "Reason: why"));
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> transfer.send("PUT", server.uri("/m"), Map.of(), content),
                () -> transfer.sendSecret(server.uri("/m"), Map.of(), content))) {
            TransferException e = failure(call);
            assertThat(e.text()).isEqualTo("x".repeat(4096));
            assertThat(e.answered()).contains(server.uri("/m"));
            assertThat(e.headers()).containsEntry("reason", "why");
            assertThat(e.status()).hasValue(409);
            TransferException other = e.saying("in other words");
            assertThat(other).hasMessage("in other words").hasCause(e);
            assertThat(other.text()).isEqualTo(e.text());
            assertThat(other.status()).hasValue(409);
        }
        TransferException without = new TransferException(Kind.TIMEOUT, "no answer", null);
        assertThat(without.status()).isEmpty();
        assertThat(without.answered()).isEmpty();
        assertThat(without.text()).isEmpty();
        TransferException zero = new TransferException(Kind.TIMEOUT, "odd", 0, Map.of(), null);
        assertThat(zero.status()).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"199, false", "200, true", "299, true", "300, false"})
    void statusesFrom200To299AreTaken(int status, boolean taken) throws Exception {
        server.on("/m", answer(status, "said".getBytes(UTF_8)));
        URI uri = server.uri("/m");
        if (taken) {
            assertThat(transfer.send("PUT", uri, Map.of(), content).body()).isEqualTo("said".getBytes(UTF_8));
            assertThat(transfer.sendSecret(uri, Map.of(), content).status()).isEqualTo(status);
            assertThat(transfer.get(uri, Map.of(), 9).body()).isEqualTo("said".getBytes(UTF_8));
            return;
        }
        failure(() -> transfer.send("PUT", uri, Map.of(), content));
        failure(() -> transfer.get(uri, Map.of(), 9));
    }

    @Test
    void aHeadHasNoBodyWhateverItAnnounces() throws Exception {
        server.on("/m", (request, out) -> FaultyServer.head(out, 200, 5000, "ETag: " + V1));
        BufferedResponse answer = transfer.head(server.uri("/m"), Map.of());
        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("ETag")).contains(V1);
        assertThat(server.requests().get(0).method()).isEqualTo("HEAD");
    }

    @Test
    void nothingIsSentWhereTheServerHasItAlready() throws Exception {
        server.on("/place", status(201), answer(202, new byte[0], "Location: /put"))
                .on("/put", status(201));
        HttpContent some = HttpContent.of(content);
        assertThat(transfer.upload(server.uri("/place"), UnaryOperator.identity(), Map.of(), some))
                .isFalse();
        assertThat(transfer.upload(server.uri("/place"), UnaryOperator.identity(), Map.of("X", "y"), some))
                .isTrue();
        assertThat(server.requests()).extracting(FaultyServer.Request::method).containsExactly("POST", "POST", "PUT");
        assertThat(server.requests().get(2).header("X")).isEqualTo("y");
    }

    @Test
    void standardOptionsAreThoseThatAreDocumented() {
        HttpOptions standard = HttpOptions.standard("agent/1");
        assertThat(standard)
                .isEqualTo(new HttpOptions(
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(1),
                                5,
                                Sleeper.SYSTEM,
                                Credentials.NONE,
                                ProxySelection.SYSTEM,
                                Duration.ofMinutes(5),
                                "agent/1")
                        .withKnown(standard.known()));
        Credentials own = uri -> Optional.of("Bearer t");
        assertThat(standard.withCredentials(own).credentials()).isSameAs(own);
        assertThat(standard.withCredentials(own).withCredentials(Credentials.NONE))
                .isEqualTo(standard);
        assertThat(standard.withProxies(ProxySelection.NONE).proxies()).isSameAs(ProxySelection.NONE);
        assertThat(standard.withProxies(ProxySelection.NONE).withProxies(ProxySelection.SYSTEM))
                .isEqualTo(standard);
    }

    /** Announces all the rest, but not its length, and hangs up before the byte {@code end}. */
    private static FaultyServer.Reply rangeUntilClosed(byte[] content, int start, int end) {
        String range = "Content-Range: bytes " + start + "-" + (content.length - 1) + "/" + content.length;
        return FaultyServer.untilClosed(206, Arrays.copyOfRange(content, start, end), range);
    }

    private TransferResult fetch(ExpectedContent expected) throws IOException {
        return transfer.fetch(server.uri("/m"), partial, expected, TransferProgress.NONE);
    }

    private static TransferException failure(ThrowingCallable call) {
        TransferException failure = catchThrowableOfType(TransferException.class, call);
        assertThat(failure).isNotNull();
        return failure;
    }

    private static ExpectedContent sized(long size) {
        return new ExpectedContent(size, Optional.empty());
    }

    private static ExpectedContent expecting(byte[] bytes) {
        return new ExpectedContent(bytes.length, Optional.of(Hashing.digest(bytes, DigestAlgorithm.SHA256)));
    }
}
