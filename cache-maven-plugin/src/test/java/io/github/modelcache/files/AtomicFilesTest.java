package io.github.modelcache.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path folder;

    @Test
    void createsTheFileAndItsFolders() throws Exception {
        Path target = folder.resolve("a/b/c.json");
        assertThat(AtomicFiles.write(target, bytes("1"))).isTrue();
        assertThat(target).hasContent("1");
        assertThat(names(folder.resolve("a/b"))).containsExactly("c.json");
    }

    @Test
    void doesNotRewriteAFileWithTheSameContent() throws Exception {
        Path target = Files.writeString(folder.resolve("f"), "same");
        FileStamp before = FileStamp.of(target);
        assertThat(AtomicFiles.write(target, bytes("same"))).isFalse();
        assertThat(FileStamp.of(target)).isEqualTo(before);
        assertThat(AtomicFiles.write(target, bytes("else"))).isTrue();
        assertThat(target).hasContent("else");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void replacesALinkInsteadOfWritingThroughIt() throws Exception {
        Path shared = Files.writeString(folder.resolve("shared"), "payload of others");
        Path target = Files.createSymbolicLink(folder.resolve("link"), shared);
        AtomicFiles.write(target, bytes("mine"));
        assertThat(Files.isSymbolicLink(target)).isFalse();
        assertThat(target).hasContent("mine");
        assertThat(shared).hasContent("payload of others");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void givesNewFilesThePermissionsOfAnyOtherNewFile() throws Exception {
        Path usual = Files.writeString(folder.resolve("usual"), "x");
        Path target = folder.resolve("f");
        AtomicFiles.write(target, bytes("1"));
        assertThat(Files.getPosixFilePermissions(target)).isEqualTo(Files.getPosixFilePermissions(usual));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void keepsThePermissionsOfAnExistingFile() throws Exception {
        Path target = Files.writeString(folder.resolve("f"), "1");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
        AtomicFiles.write(target, bytes("2"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-------");
    }

    @Test
    void removesTheTemporaryWhenPublishingFails() throws Exception {
        Path target = folder.resolve("d");
        Files.createDirectories(target.resolve("full"));
        Path temporary = Files.writeString(AtomicFiles.temporaryBeside(target), "1");
        assertThatThrownBy(() -> AtomicFiles.publish(temporary, target)).isInstanceOf(IOException.class);
        assertThat(temporary).doesNotExist();
        assertThat(target.resolve("full")).exists();
        assertThatThrownBy(() -> AtomicFiles.write(target, bytes("1"))).isInstanceOf(IOException.class);
        assertThat(names(folder)).containsExactly("d");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void doesNotPublishALink() throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "1");
        Path temporary = Files.createSymbolicLink(folder.resolve("t.tmp"), file);
        assertThatThrownBy(() -> AtomicFiles.publish(temporary, folder.resolve("target")))
                .isInstanceOf(IOException.class);
        assertThat(Files.exists(folder.resolve("target"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        assertThat(file).hasContent("1");
    }

    @Test
    void namesTheTemporaryAfterItsTarget() {
        Path temporary = AtomicFiles.temporaryBeside(folder.resolve("model.onnx"));
        assertThat(temporary.getParent()).isEqualTo(folder);
        assertThat(temporary.getFileName().toString()).matches("model\\.onnx\\.[0-9a-f]{8}\\.tmp");
        assertThat(AtomicFiles.temporaryBeside(folder.resolve("model.onnx"))).isNotEqualTo(temporary);
    }

    @Test
    void writesFilesWithTheLongestNames() throws Exception {
        Path target = folder.resolve("n".repeat(255));
        AtomicFiles.write(target, bytes("1"));
        assertThat(target).hasContent("1");
    }

    @Test
    void publishingNothingIsAnError() {
        assertThatThrownBy(() -> AtomicFiles.publish(folder.resolve("none.tmp"), folder.resolve("t")))
                .isInstanceOf(NoSuchFileException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void aTemporaryNameContainsTheTarget() {
        Path temporary = AtomicFiles.temporaryBeside(Path.of("folder", "model\n.onnx"));

        assertThat(AtomicFiles.targetOf(temporary.getFileName().toString())).contains("model\n.onnx");
        assertThat(AtomicFiles.targetOf("model.onnx.tmp")).isEmpty();
        assertThat(AtomicFiles.targetOf("model.onnx.0123abcd.tmp.txt")).isEmpty();
        assertThat(AtomicFiles.targetOf(".0123abcd.tmp")).isEmpty();
    }
}
