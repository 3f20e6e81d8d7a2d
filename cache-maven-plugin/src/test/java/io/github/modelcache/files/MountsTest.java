package io.github.modelcache.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.testing.TestMount;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {

    @TempDir
    Path folder;

    @Test
    void readsTheListOfLinux() {
        String list = """
                22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
                35 22 8:1 /var/lib/docker/volumes/v/_data /app/my\\040cache rw - ext4 /dev/sda1 rw
                36 22 8:2 / /mnt/\u00c3\u00a4\\134\\011 ro - xfs /dev/sdb rw

                broken
                """;
        Mounts mounts = Mounts.parse(list.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        assertThat(mounts.points()).containsExactly("/", "/app/my cache", "/mnt/\u00e4\\\t");
        assertThat(mounts.isPoint(Path.of("/app/my cache"))).isTrue();
        assertThat(mounts.isPoint(Path.of("/app/my"))).isFalse();
    }

    @Test
    void tellsTheMountsBelowAFolderFromItsOwnAndItsNeighbours() {
        Mounts mounts = new Mounts(List.of("/", "/a", "/a/b/c", "/ab", "/a/b/d/e"));
        assertThat(mounts.below(Path.of("/a")).points()).containsExactly("/a/b/c", "/a/b/d/e");
        assertThat(mounts.below(Path.of("/")).points()).containsExactly("/a", "/a/b/c", "/ab", "/a/b/d/e");
        assertThat(mounts.below(Path.of("/a/b/c")).isEmpty()).isTrue();
    }

    @Test
    void tellsWhetherTwoPathsLieOnOneMount() {
        Mounts mounts = new Mounts(List.of("/", "/a", "/a/b", "/a"));
        assertThat(mounts.isOne(Path.of("/x"), Path.of("/y/z"))).isTrue();
        assertThat(mounts.isOne(Path.of("/a"), Path.of("/a/x"))).isTrue();
        assertThat(mounts.isOne(Path.of("/a/x"), Path.of("/a/b"))).isFalse();
        assertThat(mounts.isOne(Path.of("/ab"), Path.of("/a"))).isFalse();
        assertThat(new Mounts(List.of()).isOne(Path.of("/a"), Path.of("/b"))).isTrue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void seesABindMountOfTheSameDiskWhateverItsName() throws Exception {
        Path real = folder.toRealPath();
        Path from = Files.createDirectories(real.resolve("from"));
        Path point = real.resolve("a b\\040\nä");
        try (TestMount mount = TestMount.bind(from, point)) {
            assertThat(Mounts.now().isPoint(point)).isTrue();
            assertThat(Mounts.now().isOne(point, real)).isFalse();
        }
        assertThat(Mounts.now().isPoint(point)).isFalse();
        assertThat(Mounts.now().isOne(point, real)).isTrue();
    }
}
