package io.github.modelcache.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.files.FileStamp;
import io.github.modelcache.testing.RecordEquality;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestTest {

    @Test
    void digestsAndStampsAreEqualByAllTheyHold() {
        String hex = "ab".repeat(20);
        RecordEquality.require(
                Digest.parse("git_sha1:" + hex),
                new Digest(DigestAlgorithm.GIT_SHA1, hex),
                List.of(new Digest(DigestAlgorithm.SHA1, hex), new Digest(DigestAlgorithm.GIT_SHA1, "cd".repeat(20))));
        RecordEquality.require(
                new FileStamp(1, 2, 3, 4),
                new FileStamp(1, 2, 3, 4),
                List.of(
                        new FileStamp(9, 2, 3, 4),
                        new FileStamp(1, 9, 3, 4),
                        new FileStamp(1, 2, 9, 4),
                        new FileStamp(1, 2, 3, 9)));
    }

    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path folder;

    @Test
    void lowersUpperCaseDigits() {
        assertThat(Digest.sha256(ABC.toUpperCase(java.util.Locale.ROOT)).hex()).isEqualTo(ABC);
    }

    @Test
    void readsWhatItWrites() {
        Digest digest = Digest.sha256(ABC);
        assertThat(digest).hasToString("sha256:" + ABC);
        assertThat(Digest.parse(digest.toString())).isEqualTo(digest);
        assertThat(Digest.parse("git_sha1:f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f")
                        .algorithm())
                .isEqualTo(DigestAlgorithm.GIT_SHA1);
    }

    @Test
    void refusesWhatIsNoDigest() {
        for (String bad : List.of("", "sha256", "sha256:", "md5:" + ABC, ABC, "sha256:" + ABC.replace('a', 'x'))) {
            assertThatThrownBy(() -> Digest.parse(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not a");
        }
        assertThatThrownBy(() -> Digest.sha256("abc")).hasMessageContaining("64 hexadecimal digits");
    }

    @Test
    void hashesAsSha256sumAndGitDo() throws Exception {
        Path file = Files.writeString(folder.resolve("abc"), "abc", StandardCharsets.US_ASCII);
        assertThat(Hashing.digest(file, DigestAlgorithm.SHA256)).isEqualTo(Digest.sha256(ABC));
        assertThat(Hashing.digest(file, DigestAlgorithm.GIT_SHA1).hex())
                .isEqualTo("f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f");
    }

    @Test
    void hashesFilesLargerThanTheBuffer() throws Exception {
        byte[] content = new byte[1_000_003];
        new java.util.Random(1).nextBytes(content);
        Path file = Files.write(folder.resolve("big"), content);
        byte[] expected = java.security.MessageDigest.getInstance("SHA-256").digest(content);
        assertThat(Hashing.digest(file, DigestAlgorithm.SHA256)).isEqualTo(Digest.of(DigestAlgorithm.SHA256, expected));
    }

    @Test
    void hashesManyFilesAtOnce() throws Exception {
        List<Future<Digest>> futures = new ArrayList<>();
        try (HashPool pool = new HashPool(2)) {
            for (int i = 0; i < 50; i++) {
                Path file = Files.writeString(folder.resolve("f" + i), i % 2 == 0 ? "abc" : "x" + i);
                futures.add(pool.submit(file, DigestAlgorithm.SHA256));
            }
            for (int i = 0; i < 50; i += 2) {
                assertThat(futures.get(i).get().hex()).isEqualTo(ABC);
            }
        }
    }

    @Test
    void reportsAMissingFileThroughTheFuture() {
        try (HashPool pool = new HashPool(1)) {
            assertThatThrownBy(() -> pool.submit(folder.resolve("none"), DigestAlgorithm.SHA256)
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void takesNothingAfterClosing() {
        HashPool pool = new HashPool(1);
        pool.close();
        assertThatThrownBy(() -> pool.submit(folder, DigestAlgorithm.SHA256))
                .isInstanceOf(RejectedExecutionException.class);
    }
}
