package io.github.modelcache.inventory.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.FileStamp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StampIndexTest {

    private static final FileStamp OLD = new FileStamp(5, 1_000_000_000L, 1_000_000_000L, 7);
    private static final Digest DIGEST = Digest.sha256("0123456789abcdef".repeat(4));
    private static final Digest GIT = new Digest(DigestAlgorithm.GIT_SHA1, "fedcba9876".repeat(4));
    private static final Path MODEL = Path.of("/cache/models/a.bin");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("stamps.bin");
    }

    @Test
    void remembersAnUnchangedFileAcrossRuns() throws Exception {
        StampIndex index = new StampIndex();
        index.record(MODEL, OLD, DIGEST);
        index.record(MODEL, OLD, GIT);
        index.save(file);
        StampIndex later = StampIndex.load(file);
        assertThat(later.find(MODEL, OLD, DigestAlgorithm.SHA256)).contains(DIGEST);
        assertThat(later.find(MODEL, OLD, DigestAlgorithm.GIT_SHA1)).contains(GIT);
    }

    @Test
    void forgetsAFileOfWhichAnythingChanged() {
        StampIndex index = new StampIndex();
        index.record(MODEL, OLD, DIGEST);
        assertThat(index.find(MODEL, new FileStamp(6, 1_000_000_000L, 1_000_000_000L, 7), DIGEST.algorithm()))
                .isEmpty();
        assertThat(index.find(MODEL, new FileStamp(5, 1_000_000_001L, 1_000_000_000L, 7), DIGEST.algorithm()))
                .isEmpty();
        assertThat(index.find(MODEL, new FileStamp(5, 1_000_000_000L, 1_000_000_001L, 7), DIGEST.algorithm()))
                .isEmpty();
        assertThat(index.find(MODEL, new FileStamp(5, 1_000_000_000L, 1_000_000_000L, 8), DIGEST.algorithm()))
                .isEmpty();
        assertThat(index.find(Path.of("/other"), OLD, DIGEST.algorithm())).isEmpty();
    }

    @Test
    void doesNotTrustAStampAsYoungAsItself() throws Exception {
        StampIndex index = new StampIndex();
        index.record(MODEL, OLD, DIGEST);
        index.save(file);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1, 10_000_000)));
        assertThat(StampIndex.load(file).find(MODEL, OLD, DIGEST.algorithm())).isEmpty();
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1, 30_000_000)));
        assertThat(StampIndex.load(file).find(MODEL, OLD, DIGEST.algorithm())).contains(DIGEST);
    }

    @Test
    void theMarginIsWiderIfTimesAreWholeSeconds() throws Exception {
        StampIndex index = new StampIndex();
        index.record(MODEL, OLD, DIGEST);
        index.save(file);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(3)));
        assertThat(StampIndex.load(file).find(MODEL, OLD, DIGEST.algorithm())).isEmpty();
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(4)));
        assertThat(StampIndex.load(file).find(MODEL, OLD, DIGEST.algorithm())).contains(DIGEST);
    }

    @Test
    void aMissingOrBrokenFileIsAnEmptyIndex() throws Exception {
        assertThat(StampIndex.load(file).size()).isZero();
        Files.write(file, new byte[] {1, 2, 3});
        assertThat(StampIndex.load(file).size()).isZero();
        Files.write(file, new byte[500]);
        assertThat(StampIndex.load(file).size()).isZero();
    }

    @Test
    void completeRecordsOfATruncatedFileAreRead() throws Exception {
        StampIndex index = new StampIndex();
        index.record(MODEL, OLD, DIGEST);
        index.record(Path.of("/b"), OLD, DIGEST);
        index.save(file);
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length - 10));
        assertThat(StampIndex.load(file).size()).isEqualTo(1);
    }

    @Test
    void growsToManyFiles() throws Exception {
        StampIndex index = new StampIndex();
        for (int i = 0; i < 20_000; i++) {
            index.record(Path.of("/cache/file" + i), new FileStamp(i, 1, 1, i), DIGEST);
        }
        index.save(file);
        StampIndex later = StampIndex.load(file);
        assertThat(later.size()).isEqualTo(20_000);
        for (int i = 0; i < 20_000; i++) {
            assertThat(later.find(Path.of("/cache/file" + i), new FileStamp(i, 1, 1, i), DIGEST.algorithm()))
                    .contains(DIGEST);
        }
    }

    @Test
    void growsOlderThanItsStampsWhenTheSameIsLearnedAgain() throws Exception {
        StampIndex index = new StampIndex();
        index.record(MODEL, OLD, DIGEST);
        index.save(file);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1)));
        StampIndex tooYoung = StampIndex.load(file);
        assertThat(tooYoung.size()).isZero();
        tooYoung.record(MODEL, OLD, DIGEST);
        tooYoung.save(file);
        assertThat(StampIndex.load(file).find(MODEL, OLD, DIGEST.algorithm())).contains(DIGEST);
    }

    @Test
    void writesNothingWhenItLearnedNothing() throws Exception {
        StampIndex index = new StampIndex();
        index.save(file);
        assertThat(file).doesNotExist();
    }
}
