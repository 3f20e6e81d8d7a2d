package io.github.modelcache.http;

import static io.github.modelcache.testing.FaultyServer.answer;
import static io.github.modelcache.testing.FaultyServer.chunked;
import static io.github.modelcache.testing.FaultyServer.cutAfter;
import static io.github.modelcache.testing.FaultyServer.ok;
import static io.github.modelcache.testing.FaultyServer.redirect;
import static io.github.modelcache.testing.FaultyServer.status;
import static io.github.modelcache.testing.FaultyServer.untilClosed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.testing.FaultyServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class HttpTransferTest extends HttpTransferCase {

    @Nested
    class Content {

        @Test
        void aFileIsFetchedHashedAndReported() throws Exception {
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
        void aLargeFileIsHashedInASecondThread() throws Exception {
            byte[] large = random(9_000_001, 2);
            server.on("/m", ok(large));
            TransferResult result = fetch("/m", expecting(large));
            assertThat(result.sha256()).isEqualTo(sha256(large));
            assertThat(partial).hasBinaryContent(large);
        }

        @Test
        void anEmptyFileIsFetched() throws Exception {
            server.on("/m", ok(new byte[0]));
            assertThat(fetch("/m", ExpectedContent.NONE).size()).isZero();
            assertThat(partial).exists();
        }

        @Test
        void aBodyMayHaveNoLength() throws Exception {
            server.on("/chunked", chunked(content)).on("/closed", untilClosed(content));
            assertThat(fetch("/chunked", ExpectedContent.NONE).sha256()).isEqualTo(sha256(content));
            assertThat(fetch("/closed", ExpectedContent.NONE).sha256()).isEqualTo(sha256(content));
        }

        @Test
        void anEncodedAnswerIsRejected() {
            server.on("/m", ok(content, "Content-Encoding: gzip"));
            assertThat(failure("/m", ExpectedContent.NONE))
                    .hasMessageContaining("gzip")
                    .extracting(TransferException::kind)
                    .isEqualTo(Kind.SERVER_ERROR);
            assertThat(server.requests()).hasSize(1);
        }

        @Test
        void anotherSizeIsRejected() {
            server.on("/long", ok(content)).on("/short", ok(content)).on("/endless", chunked(content));
            assertThat(failure("/long", sized(1000)).kind()).isEqualTo(Kind.TOO_LONG);
            assertThat(failure("/short", sized(300_001)).kind()).isEqualTo(Kind.SIZE_MISMATCH);
            assertThat(failure("/endless", sized(1000)).kind()).isEqualTo(Kind.TOO_LONG);
            assertThat(failure("/endless", sized(300_001)).kind()).isEqualTo(Kind.SIZE_MISMATCH);
            assertThat(partial).doesNotExist();
        }

        @Test
        void aFileWithAnotherDigestIsDeleted() {
            server.on("/m", ok(random(content.length, 5)));
            TransferException e = failure("/m", expecting(content));
            assertThat(e.kind()).isEqualTo(Kind.DIGEST_MISMATCH);
            assertThat(e).hasMessageContaining(sha256(content).toString());
            assertThat(partial).doesNotExist();
            assertThat(server.requests()).hasSize(1);
        }

        @Test
        void gitDigestsAreChecked() throws Exception {
            Digest abc = Digest.parse("git_sha1:f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f");
            server.on("/m", ok("abc".getBytes(UTF_8)), ok("abd".getBytes(UTF_8)));
            assertThat(fetch("/m", new ExpectedContent(-1, Optional.of(abc))).size())
                    .isEqualTo(3);
            Files.delete(partial);
            assertThat(failure("/m", new ExpectedContent(3, Optional.of(abc))).kind())
                    .isEqualTo(Kind.DIGEST_MISMATCH);
        }

        @Test
        void onlyTheExpectedDigestIsComputed() throws Exception {
            Digest abc = Digest.parse("git_sha1:f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f");
            server.on("/m", ok("abc".getBytes(UTF_8)));
            TransferResult result = fetch("/m", new ExpectedContent(3, Optional.of(abc)));
            assertThat(result.digest()).isEqualTo(abc);
            assertThatIllegalStateException().isThrownBy(result::sha256).withMessageContaining(abc.toString());
        }
    }

    @Nested
    class SmallAnswers {

        @Test
        void anAnswerIsReadWithItsHeaders() throws Exception {
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
        void longAnswersErrorsAndTruncatedAnswersAreRejected() {
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
        void anAnswerThatIsTooSlowFailsWithoutARetry() {
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
    }

    @Nested
    class Disk {

        @Test
        void aFileAddressIsCopiedAndHashed() throws Exception {
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
            assertThat(fileFailure(URI.create("ftp://h/x"), ExpectedContent.NONE)
                            .kind())
                    .isEqualTo(Kind.CLIENT_ERROR);
            assertThat(partial).doesNotExist();
        }

        @Test
        @DisabledOnOs(OS.WINDOWS)
        void aLinkAtTheTargetIsReplaced() throws Exception {
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
        void aDiskThatIsTooSmallIsReportedBeforeTheDownload() {
            server.on("/m", FaultyServer.announcing(1L << 60, content, "ETag: " + V1));
            TransferException e = failure("/m", ExpectedContent.NONE);
            assertThat(e.kind()).isEqualTo(Kind.DISK_FULL);
            assertThat(e).hasMessageContaining(String.valueOf(1L << 60));
        }

        @Test
        void aFullDiskIsReported() throws Exception {
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
    }
}
