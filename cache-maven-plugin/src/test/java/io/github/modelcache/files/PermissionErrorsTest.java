package io.github.modelcache.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.testing.Unprivileged;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class PermissionErrorsTest {

    private static final String ELSEWHERE = ", or choose another folder (-Dcache.baseDir moves the model cache)\n";

    @TempDir
    Path temporary;

    private Path folder;
    private Path closed;

    /** Says what people read about the paths that are its arguments. */
    public static void main(String[] paths) {
        for (String path : paths) {
            System.out.println(IoErrors.message(new AccessDeniedException(path), Path.of(path)));
        }
    }

    @BeforeEach
    void closeAFolder() throws IOException {
        folder = temporary.toRealPath();
        closed = Files.createDirectories(folder.resolve("closed"));
        Files.createDirectories(closed.resolve("deep/er"));
        Files.writeString(closed.resolve("deep/file"), "");
        permit(closed, "---------");
    }

    @AfterEach
    void open() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                if (!Files.isSymbolicLink(path)) {
                    permit(path, "rwxr-xr-x");
                }
            }
        }
    }

    private static void permit(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private String message(Path path) throws Exception {
        return Unprivileged.run(closed, PermissionErrorsTest.class, path.toString());
    }

    @Test
    void theFirstClosedFolderIsNamedHoweverDeepTheFileLies() throws Exception {
        String expected = "No permission to open the folder " + closed
                + ". Give the user who runs Maven the right to open it" + ELSEWHERE;
        assertThat(message(closed.resolve("deep/file"))).isEqualTo(expected);
        assertThat(message(closed.resolve("deep/er/new"))).isEqualTo(expected);
        assertThat(message(closed)).isEqualTo(expected);
    }

    @Test
    void aFolderThatIsClosedBehindALinkIsNamedAsItself() throws Exception {
        Files.createSymbolicLink(folder.resolve("link"), Path.of("other"));
        Files.createSymbolicLink(folder.resolve("other"), closed.resolve("deep"));
        assertThat(message(folder.resolve("link/er/new")))
                .startsWith("No permission to open the folder " + closed + ".");
    }

    @Test
    void aLinkThatLeadsToItselfEndsToo() throws Exception {
        Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));
        assertThat(message(folder.resolve("circle/new")))
                .startsWith("No permission for " + folder.resolve("circle/new"));
    }

    @Test
    void aDeniedReadIsNotReportedAsAWrite() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        permit(file, "-w-------");
        assertThat(message(file))
                .isEqualTo("No permission to read " + file + ". Give the user who runs Maven the right to read it\n");
        Path list = Files.createDirectory(folder.resolve("list"));
        permit(list, "--x------");
        assertThat(message(list)).startsWith("No permission to read the folder " + list + ". ");
    }

    @Test
    void aDeniedWriteNamesTheUnwritablePath() throws Exception {
        Path readOnly = Files.createDirectory(folder.resolve("read-only"));
        Path file = Files.writeString(readOnly.resolve("file"), "");
        permit(readOnly, "r-xr-xr-x");
        String expected = "No permission to write to " + readOnly
                + ". Give the user who runs Maven the right to write there" + ELSEWHERE;
        assertThat(message(readOnly.resolve("new/er"))).isEqualTo(expected);
        assertThat(message(file)).isEqualTo(expected);
        permit(file, "r--r--r--");
        assertThat(message(file)).startsWith("No permission to write to " + file + ". ");
        permit(file, "rw-r--r--");
    }

    @Test
    void anUnexplainedErrorIsNotGuessed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(message(file))
                .isEqualTo("No permission for " + file
                        + ". Give the user who runs Maven the right to read and write there" + ELSEWHERE);
        assertThat(PermissionErrors.message("\0")).startsWith("No permission for \0. ");
    }
}
