package io.github.modelcache.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.files.FileStamp;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.fingerprint.StampIndex;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.testing.Patience;
import io.github.modelcache.verify.memory.VerificationCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A second run hashes and checks only what changed. */
class RepeatedVerificationTest extends VerificationCase {

    @Nested
    class WithTheIndexOfDigests {

        @Test
        void aSecondRunHashesNothing() throws Exception {
            verify();
            Files.setLastModifiedTime(stamps(), FileTime.from(LATER.instant()));
            VerifyReport second = verify();
            assertThat(second.bytesReused()).isEqualTo(7);
            assertThat(second.bytesHashed()).isZero();
        }

        @Test
        void rehashHashesEveryFile() throws Exception {
            verify();
            Files.setLastModifiedTime(stamps(), FileTime.from(LATER.instant()));
            try (ContentDigests digests = new ContentDigests(stamps(), true, LATER)) {
                assertThat(verification(digests).run().bytesHashed()).isEqualTo(7);
            }
        }

        @Test
        void rehashFindsAChangeThatLeftNoTrace() throws Exception {
            StampIndex deceived = new StampIndex();
            Digest old = Hashing.digest(model, DigestAlgorithm.SHA256);
            Files.writeString(model, "a m0del");
            Files.setLastModifiedTime(model, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
            deceived.record(model, FileStamp.of(model), old);
            deceived.save(stamps());
            Files.setLastModifiedTime(stamps(), FileTime.from(LATER.instant()));
            assertThat(verify().findings()).isEmpty();
            Files.setLastModifiedTime(stamps(), FileTime.from(LATER.instant()));
            try (ContentDigests digests = new ContentDigests(stamps(), true, LATER)) {
                assertThat(only(verification(digests).run()).id()).isEqualTo(FindingId.MODEL_CORRUPT);
                digests.save();
            }
            Files.setLastModifiedTime(stamps(), FileTime.from(LATER.instant()));
            assertThat(only(verify()).id()).isEqualTo(FindingId.MODEL_CORRUPT);
        }

        @Test
        void doesNotStoreADigestWithinTheTickOfAChange() throws Exception {
            Clock atOnce = Clock.fixed(Instant.ofEpochSecond(0, changedNanos()).plusMillis(10), ZoneOffset.UTC);
            for (int i = 0; i < 2; i++) {
                try (ContentDigests digests = new ContentDigests(stamps(), false, atOnce)) {
                    assertThat(verification(digests).run().bytesHashed()).isEqualTo(7);
                    digests.save();
                }
            }
            Clock settled = Clock.fixed(Instant.ofEpochSecond(0, changedNanos()).plusMillis(30), ZoneOffset.UTC);
            try (ContentDigests digests = new ContentDigests(stamps(), false, settled)) {
                verification(digests).run();
                assertThat(digests.knows(model, FileStamp.of(model), DigestAlgorithm.SHA256))
                        .isTrue();
            }
        }

        private long changedNanos() throws Exception {
            FileStamp stamp = FileStamp.of(model);
            return Math.max(stamp.modifiedNanos(), stamp.changedNanos());
        }

        @Test
        void doesNotStoreADigestOfAFileThatJustChanged() throws Exception {
            Clock atOnce = Clock.fixed(Files.getLastModifiedTime(model).toInstant(), ZoneOffset.UTC);
            try (ContentDigests digests = new ContentDigests(stamps(), false, atOnce)) {
                verification(digests).run();
                digests.save();
            }
            assertThat(stamps()).doesNotExist();
        }
    }

    @Nested
    @DisabledOnOs(OS.WINDOWS) // tells no ctime and inode
    class WithTheStoredResult {

        @Test
        void reportsTheStoredResultWhileNothingChanges() throws Exception {
            config = project.prepared("\"models\": [\"maven:g:a:1-SNAPSHOT\"]");
            project.write(".cache/models/g/a/1-SNAPSHOT/m.bin", "a model");
            lock(ModelReference.parse("maven:g:a:1-SNAPSHOT"));
            VerifyReport first = verifyUntilStored();
            Files.delete(stamps());
            VerifyReport second = verifyAgain(false);
            assertThat(second.bytesHashed()).isZero();
            assertThat(second.bytesReused()).isEqualTo(7);
            assertThat(second.files()).isEqualTo(1);
            assertThat(second.findings()).isEqualTo(first.findings());
            assertThat(only(second).id()).isEqualTo(FindingId.MODEL_UNPINNED);
        }

        @Test
        void checksEverythingAgainAfterAChange() throws Exception {
            verifyUntilStored();
            Path more = project.write(".cache/models/more.bin", "x");
            Files.delete(stamps());
            assertThat(verifyAgain(false).bytesHashed()).isEqualTo(7);
            Files.delete(more);
            verifyUntilStored();
            Files.writeString(model, "a m0del");
            assertThat(only(verifyAgain(false)).id()).isEqualTo(FindingId.MODEL_CORRUPT);
            Files.delete(project.lock().path());
            assertThat(only(verifyAgain(false)).id()).isEqualTo(FindingId.LOCK_MISSING);
        }

        @Test
        void storesNoResultForFewFiles() throws Exception {
            verifyAgain(false, Files.size(project.lock().path()) + 1);
            assertThat(storedResult()).doesNotExist();
        }

        @Test
        void checksAgainAfterAChangeOfTheConfig() throws Exception {
            verifyUntilStored();
            config = project.prepared("\"models\": [\"url:https://h/other.bin\"]");
            assertThat(verifyAgain(false).findings())
                    .extracting(Finding::id)
                    .containsExactly(FindingId.LOCK_DRIFT, FindingId.LOCK_DRIFT);
        }

        @Test
        void rehashIgnoresTheStoredResult() throws Exception {
            verifyUntilStored();
            assertThat(verifyAgain(true).bytesHashed()).isEqualTo(7);
        }

        @Test
        void measuresTheCacheEvenIfNothingChanged() throws Exception {
            verifyUntilStored();
            Files.writeString(folder.resolve("out/tmdb_cache/x.json"), "{}");
            config = project.prepared(DECLARED + ", \"warn_size\": \"8B\", \"max_size\": \"1kB\"");
            assertThat(only(verifyUntilStored()).actual()).contains("9");
            assertThat(only(verifyAgain(false)).actual()).contains("9");
        }
    }

    /** Verifies until the files have settled, some milliseconds after they were written. */
    private VerifyReport verifyUntilStored() throws Exception {
        Files.deleteIfExists(storedResult());
        VerifyReport report = verifyAgain(false);
        long giveUp = System.nanoTime() + Patience.ENDLESS.toNanos();
        while (!Files.exists(storedResult()) && System.nanoTime() < giveUp) {
            report = verifyAgain(false);
        }
        assertThat(storedResult()).exists();
        return report;
    }

    private VerifyReport verifyAgain(boolean rehash) throws Exception {
        return verifyAgain(rehash, 0);
    }

    private VerifyReport verifyAgain(boolean rehash, long smallestLock) throws Exception {
        try (ContentDigests digests = new ContentDigests(stamps(), rehash, LATER)) {
            VerifyReport report = verification(digests).run(new VerificationCache(storedResult(), "1", smallestLock));
            digests.save();
            return report;
        }
    }

    private Path storedResult() {
        return new PluginDirectory(config).lastVerification();
    }
}
