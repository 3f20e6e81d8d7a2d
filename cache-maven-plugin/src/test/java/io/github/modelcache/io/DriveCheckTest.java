package io.github.modelcache.io;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.testing.Patience;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriveCheckTest {

    private static final Path DEAD = Path.of("/mnt/dead");

    @TempDir
    private Path folder;

    @Test
    void namesTheFolderThatDoesNotAnswer() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Patience.growing(patience -> {
            DriveCheck check = new DriveCheck(patience, path -> {
                if (path.equals(DEAD)) {
                    await(never);
                }
            });
            assertThatThrownBy(() -> check.require(List.of(folder, DEAD, folder.resolve("more"))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/mnt/dead does not answer")
                    .hasMessageContaining("-Dcache.baseDir");
        });
        never.countDown();
    }

    @Test
    void aFolderThatIsMissingAnswers() {
        assertThatCode(() -> new DriveCheck(Patience.ENDLESS).require(List.of(folder, folder.resolve("no"))))
                .doesNotThrowAnyException();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
