package io.github.modelcache.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class IoErrorsTest {

    @TempDir
    Path folder;

    private String message(IOException problem) {
        return IoErrors.message(problem, folder);
    }

    @Test
    void aFullDiskIsReported() {
        assertThat(message(new IOException("write failed", new IOException("No space left on device"))))
                .isEqualTo("The disk is full: write failed. Free space (mvn cache:clean -Dcache.dryRun shows what it"
                        + " would free), or point cache.base_dir at a larger disk");
    }

    @Test
    void namesTheMissingPermission() throws IOException {
        String file = Files.createFile(folder.resolve("x")).toString();
        String expected = "No permission for " + file
                + ". Give the user who runs Maven the right to read and write there, or choose another folder"
                + " (-Dcache.baseDir moves the model cache)";
        assertThat(message(new AccessDeniedException(file))).isEqualTo(expected);
        assertThat(message(new FileSystemException(file, null, "Operation not permitted")))
                .isEqualTo(expected);
    }

    @Test
    void explainsMissingAndConflictingFiles() {
        assertThat(message(new NoSuchFileException("/x"))).isEqualTo("/x no longer exists; run the goal again");
        assertThat(message(new FileAlreadyExistsException("/x")))
                .isEqualTo("/x is a file, but a folder is needed there; move it away");
        assertThat(message(new NotDirectoryException("/x")))
                .isEqualTo("/x is a file, but a folder is needed there; move it away");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkInsteadOfAFolderIsReported() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));
        assertThat(message(new FileAlreadyExistsException(link.toString())))
                .isEqualTo(link + " is a broken link; mount the disk it leads to, or remove the link");
    }

    @Test
    void aReadOnlyDiskIsReported() {
        assertThat(message(new FileSystemException("/x", null, "Read-only file system")))
                .startsWith("/x lies on a read-only file system. ");
        assertThat(message(new FileSystemException("/x", null, "Stale file handle")))
                .isEqualTo("/x: Stale file handle");
    }

    @Test
    void anythingElseSpeaksForItself() {
        assertThat(message(new IOException("broken"))).isEqualTo("broken");
        assertThat(message(new IOException())).isEqualTo("java.io.IOException");
        assertThat(message(new FileSystemException("/x")))
                .isEqualTo("/x can't be used, and the system does not say why (FileSystemException). Check its disk and"
                        + " its permissions");
        assertThat(message(new DirectoryNotEmptyException("/x")))
                .isEqualTo("/x is a folder that is not empty; move it away");
    }
}
