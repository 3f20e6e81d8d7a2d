package io.github.modelcache.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.Unprivileged;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
                    .hasMessageContaining("/mnt/dead did not answer within")
                    .hasMessageContaining("-Dcache.baseDir");
        });
        never.countDown();
    }

    @Test
    void aFolderThatIsMissingAnswers() {
        assertThatCode(() -> new DriveCheck(Patience.ENDLESS).require(List.of(folder, folder.resolve("no"))))
                .doesNotThrowAnyException();
    }

    /** Says which of the folders that are its arguments can't be looked at. */
    public static void main(String[] folders) throws IOException {
        try {
            new DriveCheck(Patience.ENDLESS)
                    .require(Stream.of(folders).map(Path::of).toList());
        } catch (AccessDeniedException e) {
            System.out.print("denied " + e.getFile());
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFolderBelowAClosedOneIsNotMissing() throws Exception {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        Path below = closed.resolve("cache");
        assertThat(Unprivileged.run(
                        closed, DriveCheckTest.class, folder.resolve("no").toString(), below.toString()))
                .isEqualTo("denied " + below);
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
