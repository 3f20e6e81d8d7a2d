package io.github.modelcache.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileStampTest {
    @TempDir
    Path folder;

    @Test
    void staysTheSameWhileTheFileDoes() throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "1");
        assertThat(FileStamp.of(file)).isEqualTo(FileStamp.of(file));
    }

    @Test
    void changesWithSizeAndTime() throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "1");
        FileStamp before = FileStamp.of(file);
        Files.writeString(file, "22");
        FileStamp longer = FileStamp.of(file);
        assertThat(longer.size()).isEqualTo(2);
        assertThat(longer).isNotEqualTo(before);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_234_567));
        assertThat(FileStamp.of(file).modifiedNanos()).isEqualTo(1_234_567_000_000L);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void tellsAReplacedFileFromTheOld() throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "1");
        Path other = Files.writeString(folder.resolve("g"), "2");
        FileTime time = FileTime.fromMillis(1_000);
        Files.setLastModifiedTime(file, time);
        Files.setLastModifiedTime(other, time);
        FileStamp before = FileStamp.of(file);
        assertThat(before.inode()).isNotZero();
        assertThat(before.changedNanos()).isNotZero();
        AtomicFiles.publish(other, file);
        assertThat(FileStamp.of(file).inode()).isNotEqualTo(before.inode());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void describesALinkAndNotItsTarget() throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "a longer content than a name");
        Path link = Files.createSymbolicLink(folder.resolve("l"), Path.of("f"));
        assertThat(FileStamp.of(link).size()).isEqualTo(1);
        assertThat(FileStamp.of(link).inode()).isNotEqualTo(FileStamp.of(file).inode());
    }

    @Test
    void comesFromAttributesOfAWalk() throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "1");
        FileStamp stamp = FileStamp.of(Files.readAttributes(file, BasicFileAttributes.class));
        FileStamp full = FileStamp.of(file);
        assertThat(stamp).isEqualTo(new FileStamp(full.size(), full.modifiedNanos(), 0, 0));
        assertThatThrownBy(() -> FileStamp.ofUnix(Map.of("size", 1L))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void needsTheFile() {
        assertThatThrownBy(() -> FileStamp.of(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }
}
