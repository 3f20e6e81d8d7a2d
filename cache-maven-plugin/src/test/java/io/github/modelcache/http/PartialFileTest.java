package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialFileTest {

    @TempDir
    Path folder;

    @Test
    void anOldOneIsYoungFromTheMomentItIsContinued() throws Exception {
        Instant before = Instant.now().minus(Duration.ofDays(30));
        Path file = Files.writeString(folder.resolve("part"), "half");
        Path sidecar = Files.writeString(PartialFile.sidecar(file), "version");
        Files.setLastModifiedTime(file, FileTime.from(before));
        Files.setLastModifiedTime(sidecar, FileTime.from(before));
        try (PartialFile partial = PartialFile.open(file, ExpectedContent.NONE)) {
            assertThat(partial.isNew()).isFalse();
            assertThat(Files.getLastModifiedTime(file).toInstant()).isAfter(before.plus(Duration.ofDays(29)));
            assertThat(Files.getLastModifiedTime(sidecar).toInstant()).isAfter(before.plus(Duration.ofDays(29)));
            partial.hashExisting(Optional.empty());
            assertThat(partial.size()).isEqualTo("half".length());
        }
    }

    @Test
    void aNameOfAFileThatHasOthersIsNotWrittenTo() throws Exception {
        Path mine = Files.writeString(folder.resolve("mine"), "mine");
        Path file = Files.createLink(folder.resolve("part"), mine);
        ExpectedContent expected = new ExpectedContent(8, Optional.empty());
        try (PartialFile partial = PartialFile.open(file, expected)) {
            assertThat(partial.length()).isZero();
        }
        assertThat(mine).hasContent("mine");
    }

    @Test
    void aFolderInItsPlaceIsNamed() throws Exception {
        Path file = Files.createDirectory(folder.resolve("part"));
        assertThatThrownBy(() -> PartialFile.open(file, ExpectedContent.NONE))
                .hasMessageContaining("part is no regular file");
        assertThat(file).isDirectory();
    }

    @Test
    void aLinkInItsPlaceIsReplacedAndItsTargetKeepsItsTime() throws Exception {
        Instant before = Instant.now().minus(Duration.ofDays(30));
        Path target = Files.writeString(folder.resolve("mine"), "mine");
        Files.setLastModifiedTime(target, FileTime.from(before));
        FileTime kept = Files.getLastModifiedTime(target);
        Path file = Files.createSymbolicLink(folder.resolve("part"), target);
        try (PartialFile partial = PartialFile.open(file, ExpectedContent.NONE)) {
            assertThat(partial.length()).isZero();
        }
        assertThat(target).hasContent("mine");
        assertThat(Files.getLastModifiedTime(target)).isEqualTo(kept);
    }
}
