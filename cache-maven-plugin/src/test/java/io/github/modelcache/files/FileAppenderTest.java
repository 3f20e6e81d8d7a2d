package io.github.modelcache.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAppenderTest {

    @TempDir
    Path folder;

    @Test
    void createsTheFileAndAddsToIt() throws Exception {
        Path file = folder.resolve("env");
        FileAppender.append(file, "A=1\n", "GITHUB_ENV");
        FileAppender.append(file, "B=2\n", "GITHUB_ENV");
        assertThat(file).hasContent("A=1\nB=2\n");
    }

    @Test
    void doesNotWriteToLinksOrFilesWithSeveralNames() throws Exception {
        Path mine = Files.writeString(folder.resolve("mine"), "mine");
        Path absent = folder.resolve("absent");
        refuses(Files.createSymbolicLink(folder.resolve("link"), mine), "a link");
        refuses(Files.createSymbolicLink(folder.resolve("nowhere"), absent), "a link");
        refuses(Files.createLink(folder.resolve("name"), mine), "a file with several names");
        assertThat(mine).hasContent("mine");
        assertThat(absent).doesNotExist();
    }

    private static void refuses(Path file, String what) {
        assertThatThrownBy(() -> FileAppender.append(file, "A=1\n", "GITHUB_ENV"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("GITHUB_ENV names " + file + ", which is " + what)
                .hasMessageContaining("nothing was written");
    }
}
