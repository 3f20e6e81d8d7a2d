package io.github.modelcache.http;

import static io.github.modelcache.testing.FaultyServer.answer;
import static io.github.modelcache.testing.FaultyServer.cutAfter;
import static io.github.modelcache.testing.FaultyServer.ok;
import static io.github.modelcache.testing.FaultyServer.ranged;
import static io.github.modelcache.testing.FaultyServer.rangedCutAfter;
import static io.github.modelcache.testing.FaultyServer.redirect;
import static io.github.modelcache.testing.FaultyServer.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.testing.Patience;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumedTransferTest extends HttpTransferCase {

    private void interruptedRun(String etag) {
        server.on("/m", cutAfter(content, 1000, "ETag: " + etag), status(404));
        assertThat(failure("/m", ExpectedContent.NONE).kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(partial).hasSize(1000);
        pauses.clear();
    }

    @Nested
    class Resuming {

        @Test
        void aDownloadResumesAfterALostConnection() throws Exception {
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
        void aDownloadResumesAfterAStall() throws Exception {
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
        void aDownloadOfAnEarlierRunIsResumed() throws Exception {
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
        void theDateIsUsedIfThereIsNoTag() throws Exception {
            String date = "Sun, 01 Nov 2026 10:00:00 GMT";
            server.on(
                    "/m", cutAfter(content, 1000, "ETag: W/\"weak\"", "Last-Modified: " + date), ranged(content, date));
            fetch("/m", ExpectedContent.NONE);
            assertThat(server.requests().get(1).header("If-Range")).isEqualTo(date);
            assertThat(server.requests().get(1).header("Range")).isEqualTo("bytes=1000-");
        }

        @Test
        void aFileWithAGitDigestIsResumed() throws Exception {
            leave(Arrays.copyOf(content, 1000));
            Digest digest = Hashing.digest(Files.write(folder.resolve("whole"), content), DigestAlgorithm.GIT_SHA1);
            server.on("/m", ranged(content, V1));
            TransferResult result = fetch("/m", new ExpectedContent(content.length, Optional.of(digest)));
            assertThat(result.digest()).isEqualTo(digest);
            assertThat(result.bytesReceived()).isEqualTo(content.length - 1000);
            assertThat(partial).hasBinaryContent(content);
        }

        @Test
        void redirectsKeepTheRange() throws Exception {
            leave(Arrays.copyOf(content, 1000));
            server.on("/m", redirect(302, "/cdn")).on("/cdn", ranged(content, V1));
            fetch("/m", expecting(content));
            assertThat(server.requests().get(1).header("Range")).isEqualTo("bytes=1000-");
        }

        @Test
        void aCompleteFileNeedsNoRequest() throws Exception {
            leave(content);
            assertThat(fetch("/m", expecting(content)).bytesReceived()).isZero();
            assertThat(fetch("/m", new ExpectedContent(-1, Optional.of(sha256(content))))
                            .bytesReceived())
                    .isZero();
            assertThat(server.requests()).isEmpty();
        }

        @Test
        void onlyAttemptsWithoutProgressCount() throws Exception {
            server.on("/m", rangedCutAfter(content, 20_000, V1));
            assertThat(fetch("/m", ExpectedContent.NONE).sha256()).isEqualTo(sha256(content));
            assertThat(server.requests()).hasSize(15);
            assertThat(pauses).hasSize(14).containsOnly(Duration.ofSeconds(1));
        }

        @Test
        void theSidecarHasNoSignatures() throws Exception {
            server.on("/m", cutAfter(content, 1000, "ETag: " + V1), status(404));
            failure("/m?sig=" + SECRET, ExpectedContent.NONE);
            assertThat(Files.readString(PartialFile.sidecar(partial)))
                    .contains("/m\n", V1)
                    .doesNotContain(SECRET);
        }
    }

    @Nested
    class StartingAgain {

        @Test
        void withoutATagTheDownloadStartsAgain() throws Exception {
            server.on("/m", cutAfter(content, 1000), ok(content));
            assertThat(fetch("/m", ExpectedContent.NONE).sha256()).isEqualTo(sha256(content));
            assertThat(server.requests().get(1).header("Range")).isEmpty();
        }

        @Test
        void aChangedFileStartsAgain() throws Exception {
            interruptedRun("\"v0\"");
            server.on("/m", ranged(content, V1));
            TransferResult result = fetch("/m", ExpectedContent.NONE);
            assertThat(result.bytesReceived()).isEqualTo(content.length);
            assertThat(partial).hasBinaryContent(content);
        }

        @Test
        void anotherUrlStartsAgain() throws Exception {
            interruptedRun(V1);
            server.on("/other", ranged(content, V1));
            fetch("/other", ExpectedContent.NONE);
            assertThat(server.requests().get(server.requests().size() - 1).header("Range"))
                    .isEmpty();
            assertThat(partial).hasBinaryContent(content);
        }

        @Test
        void anIgnoredRangeStartsAgain() throws Exception {
            leave(Arrays.copyOf(content, 1000));
            server.on("/m", ok(content));
            assertThat(fetch("/m", expecting(content)).bytesReceived()).isEqualTo(content.length);
            assertThat(partial).hasBinaryContent(content);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"bytes 0-298999/300000", "bytes 999-299999/300000", "bytes 1000-1999/300000", "nonsense"})
        void aWrongRangeStartsAgain(String range) throws Exception {
            leave(Arrays.copyOf(content, 1000));
            byte[] rest = Arrays.copyOfRange(content, 1000, content.length);
            server.on("/m", answer(206, rest, "Content-Range: " + range), ok(content));
            fetch("/m", expecting(content));
            assertThat(partial).hasBinaryContent(content);
            assertThat(server.requests()).hasSize(2);
            assertThat(server.requests().get(1).header("Range")).isEmpty();
        }

        @Test
        void status416StartsAgain() throws Exception {
            leave(random(400_000, 7));
            server.on("/m", ranged(content, V1));
            ExpectedContent digestOnly = new ExpectedContent(-1, Optional.of(sha256(content)));
            assertThat(fetch("/m", digestOnly).sha256()).isEqualTo(sha256(content));
            assertThat(server.requests()).hasSize(2);
            assertThat(partial).hasBinaryContent(content);
        }

        @Test
        void aWrongResumedFileIsFetchedOnceMore() throws Exception {
            leave(random(1000, 99));
            server.on("/m", ranged(content, V1));
            assertThat(fetch("/m", expecting(content)).sha256()).isEqualTo(sha256(content));
            assertThat(partial).hasBinaryContent(content);
            assertThat(server.requests()).hasSize(2);
        }

        @Test
        void theSidecarOfADeletedFileIsIgnored() throws Exception {
            leave(new byte[0]);
            Files.delete(partial);
            Files.writeString(PartialFile.sidecar(partial), "of a file that somebody deleted");
            server.on("/m", ok("abc".getBytes(UTF_8)));
            fetch("/m", ExpectedContent.NONE);
            assertThat(server.requests().get(0).header("Range")).isEmpty();
            assertThat(PartialFile.sidecar(partial)).doesNotExist();
        }
    }
}
