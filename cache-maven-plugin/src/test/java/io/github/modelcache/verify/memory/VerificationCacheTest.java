package io.github.modelcache.verify.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.model.ModelReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationCacheTest {

    private static final ModelReference MODEL = ModelReference.parse("hf:acme/tiny");
    private static final VerificationCache.State STATE = new VerificationCache.State("a key", true);

    @TempDir
    Path folder;

    @Test
    void findsTheResultThatItStoredForTheSameState() {
        CachedVerification result = result();
        cache().store(STATE, result);
        assertThat(cache().find(STATE)).contains(result);
        assertThat(cache().find(new VerificationCache.State("another key", true)))
                .isEmpty();
    }

    @Test
    void storesNothingWhileAChangeCouldLeaveNoTrace() {
        VerificationCache.State young = new VerificationCache.State("a key", false);
        cache().store(young, result());
        assertThat(cache().find(young)).isEmpty();
    }

    @Test
    void findsNothingInATruncatedOrForeignFile() throws Exception {
        cache().store(STATE, result());
        String whole = Files.readString(cache().file());
        for (int length = 0; length < whole.length(); length++) {
            Files.writeString(cache().file(), whole.substring(0, length));
            assertThat(cache().find(STATE)).isEmpty();
        }
        Files.writeString(cache().file(), whole.replace("model-corrupt", "no-such-id"));
        assertThat(cache().find(STATE)).isEmpty();
        Files.writeString(cache().file(), whole.replace("\"hf:acme/tiny\"]", "7]"));
        assertThat(cache().find(STATE)).isEmpty();
    }

    private VerificationCache cache() {
        return new VerificationCache(folder.resolve("own/verified.json"), "1");
    }

    private CachedVerification result() {
        Finding whole = Finding.of(
                        FindingId.MODEL_CORRUPT, "a file differs \"from\" the lock file", "mvn cache:download")
                .about(MODEL)
                .at(folder.resolve("model.bin"))
                .as(Severity.WARNING)
                .comparing("sha256:1", "sha256:2");
        Finding bare = Finding.of(FindingId.UNVERIFIABLE, "no digest is known", "mvn cache:lock");
        return new CachedVerification(List.of(whole, bare), 3, 1L << 40, 5, 7, List.of(MODEL));
    }
}
