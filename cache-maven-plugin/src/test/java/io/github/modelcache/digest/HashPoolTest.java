package io.github.modelcache.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class HashPoolTest {

    @TempDir
    Path folder;

    @Test
    void hashesFilesAndTellsWhichCannotBeRead() throws Exception {
        Path file = Files.writeString(folder.resolve("a"), "x");
        try (HashPool pool = new HashPool(2)) {
            assertThat(pool.submit(file, DigestAlgorithm.SHA256).get())
                    .isEqualTo(Hashing.digest(file, DigestAlgorithm.SHA256));
            Future<Digest> missing = pool.submit(folder.resolve("none"), DigestAlgorithm.SHA256);
            assertThatThrownBy(missing::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void takesNothingOnceItIsClosed() {
        HashPool pool = new HashPool(1);
        pool.close();
        assertThatThrownBy(() -> pool.submit(folder, DigestAlgorithm.SHA256))
                .isInstanceOf(RejectedExecutionException.class);
    }
}
