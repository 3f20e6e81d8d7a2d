package io.github.modelcache.inventory.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.FileStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Input: the bytes of a {@code stamps.bin} that is damaged or was written by another program. */
@Timeout(120)
class IndexFuzzTest {

    private static final Path MODEL = Path.of("/cache/models/a.bin");
    private static final FileStamp STAMP = new FileStamp(5, 1_000_000_000L, 1_000_000_000L, 7);

    @TempDir
    Path folder;

    @FuzzTest
    void costsTimeAtMost(byte[] input) throws IOException {
        Path file = folder.resolve("index.bin");
        Files.write(file, input);
        StampIndex index = StampIndex.load(file);
        assertThat(index.size()).isLessThanOrEqualTo(input.length / 72);
        Digest digest = Digest.sha256("0123456789abcdef".repeat(4));
        index.record(MODEL, STAMP, digest);
        assertThat(index.find(MODEL, STAMP, DigestAlgorithm.SHA256)).contains(digest);
        index.save(folder.resolve("saved.bin"));
    }
}
