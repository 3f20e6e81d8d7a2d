package io.github.modelcache.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class LinkProbeTest {

    @TempDir
    Path folder;

    @Test
    void linksThatAreFollowedWorkAndNothingIsLeft() throws IOException {
        assertThat(LinkProbe.works(folder.resolve("new/probe"))).isTrue();
        assertThat(folder.resolve("new")).isEmptyDirectory();
    }

    @Test
    void linksThatCanBeMadeAndNotFollowedDoNotWork() throws IOException {
        Path mount = folder.resolve("mount");
        try (SmallDisk disk = SmallDisk.whichFollowsNoLinks(mount)) {
            Path file = Files.writeString(mount.resolve("file"), "there");
            Path link = Files.createSymbolicLink(mount.resolve("link"), file.getFileName());
            assumeTrue(!Files.isReadable(link), "this system knows no nosymfollow");
            Files.delete(link);
            Files.delete(file);

            assertThat(LinkProbe.works(mount.resolve("probe"))).isFalse();
            assertThat(disk.folder()).isEmptyDirectory();
        }
    }

    @Test
    void aProbeThatAKilledRunLeftIsReplaced() throws IOException {
        Path probe = Files.createDirectory(folder.resolve("probe"));
        Files.writeString(probe.resolve("content"), "old");
        Files.createSymbolicLink(probe.resolve("link"), Path.of("nowhere"));
        assertThat(LinkProbe.works(probe)).isTrue();
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(LinkProbe.works(file)).isTrue();
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("elsewhere"));
        Files.createDirectories(folder.resolve("elsewhere/link"));
        assertThat(LinkProbe.works(link)).isTrue();
        assertThat(folder.resolve("elsewhere/link")).exists();
    }

    @Test
    void aFullDiskSaysNothingAboutLinks() throws IOException {
        try (SmallDisk disk = SmallDisk.on(folder.resolve("mount"), 64)) {
            disk.fill();
            assertThatThrownBy(() -> LinkProbe.works(disk.folder().resolve("probe")))
                    .isInstanceOf(IOException.class);
            assertThat(disk.folder().resolve("probe")).doesNotExist();
        }
    }
}
