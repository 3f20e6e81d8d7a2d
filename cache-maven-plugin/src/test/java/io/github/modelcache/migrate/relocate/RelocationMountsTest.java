package io.github.modelcache.migrate.relocate;

import static io.github.modelcache.migrate.relocate.RelocatedProject.contents;
import static io.github.modelcache.migrate.relocate.RelocatedProject.fill;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.testing.TestMount;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relocates a cache between mounts with the same device number, such as Docker volumes and overlays of one disk. */
@EnabledOnOs(OS.LINUX)
class RelocationMountsTest {

    @TempDir
    Path folder;

    private RelocatedProject relocated;
    private Path project;
    private Path base;
    private SortedMap<String, String> before;

    @BeforeEach
    void prepare() throws IOException {
        relocated = RelocatedProject.in(folder);
        project = relocated.root();
        base = relocated.base();
        before = contents(base);
    }

    @AfterEach
    void deleteDisk() throws IOException {
        relocated.close();
    }

    /** The project as a container sees it. */
    private void enter(Path point) {
        relocated = relocated.at(point);
        base = relocated.base();
    }

    @Test
    void copiesToAnotherBindMountAndBack() throws Exception {
        Path volume = Files.createDirectories(folder.resolve("volume"));
        Path point = folder.resolve("mnt");
        try (TestMount mount = TestMount.bind(volume, point)) {
            Path to = point.resolve("cache");
            assertThat(relocated.plan(to).actions().get(0).describe("x")).contains("copied and read again");
            relocated.relocate(to);
            assertThat(Files.readSymbolicLink(base)).isEqualTo(to);
            assertThat(contents(to)).isEqualTo(before);
            assertThat(relocated.plan(to).isEmpty()).isTrue();

            relocated.relocate(base);
            assertThat(Files.isSymbolicLink(base)).isFalse();
            assertThat(contents(base)).isEqualTo(before);
            assertThat(point).isEmptyDirectory();
        }
    }

    @Test
    void usesAMountPointAndKeepsItWhenTheCacheLeaves() throws Exception {
        Path point = folder.resolve("mnt");
        try (TestMount mount = TestMount.bind(Files.createDirectories(folder.resolve("volume")), point)) {
            relocated.relocate(point);
            assertThat(Files.readSymbolicLink(base)).isEqualTo(point);
            assertThat(contents(point)).isEqualTo(before);

            Path further = folder.resolve("further");
            relocated.relocate(further);
            assertThat(contents(further)).isEqualTo(before);
            assertThat(point).isEmptyDirectory();
            assertThat(relocated.plan(further).isEmpty()).isTrue();
            relocated.relocate(point);
            relocated.relocate(base);
            assertThat(point).isEmptyDirectory();
        }
        assertThat(contents(base)).isEqualTo(before);
    }

    @Test
    void copiesACacheInALowerLayerOfAnOverlay() throws Exception {
        Path point = folder.resolve("container");
        try (TestMount mount = TestMount.overlay(project, folder.resolve("layers"), point)) {
            enter(point);
            Path to = point.resolve("elsewhere/cache");
            relocated.relocate(to);
            assertThat(Files.readSymbolicLink(base)).isEqualTo(to);
            assertThat(contents(to)).isEqualTo(before);
            assertThat(relocated.plan(to).isEmpty()).isTrue();
            assertThat(point.toFile().list()).containsExactlyInAnyOrder(".cache", "elsewhere", "config");
            relocated.relocate(base);
            assertThat(contents(base)).isEqualTo(before);
        }
    }

    @Test
    void copiesACacheInALowerLayerBehindALink() throws Exception {
        Path point = folder.resolve("container");
        Files.move(base, project.resolve("real"));
        Files.createSymbolicLink(base, Path.of("real"));
        try (TestMount mount = TestMount.overlay(project, folder.resolve("layers"), point)) {
            enter(point);
            relocated.relocate(base);
            assertThat(Files.isSymbolicLink(base)).isFalse();
            assertThat(contents(base)).isEqualTo(before);
            assertThat(point.resolve("real")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".cache", ".cache/models/mnt", ".cache/models/one.bin"})
    void refusesMountsInTheCacheBeforeTheFirstByte(String name) throws Exception {
        Path point = project.resolve(name);
        Path from = folder.resolve("volume");
        if (Files.isRegularFile(point)) {
            Files.writeString(from, "mine");
        } else {
            fill(from);
        }
        try (TestMount mount = TestMount.bind(from, point)) {
            SortedMap<String, String> mounted = TestProject.contents(base);
            for (Path to : new Path[] {folder.resolve("to"), folder.resolve("deep/to")}) {
                assertThatThrownBy(() -> relocated.plan(to))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("can't be relocated: something is mounted ")
                        .hasMessageContaining(point.toString())
                        .hasMessageContaining("Nothing was changed");
                assertThat(to).doesNotExist();
            }
            assertThat(TestProject.contents(base)).isEqualTo(mounted);
        }
    }

    @Test
    void doesNotEmptyAFolderThatWasMountedMeanwhile() throws Exception {
        Path volume = Files.createDirectories(folder.resolve("volume"));
        Files.writeString(volume.resolve("thesis.txt"), "mine");
        Path old = project.resolve("old");
        Files.move(base, old);
        Files.createSymbolicLink(base, old);
        Path mnt = old.resolve("models/mnt");
        Path target = folder.resolve("target");
        try (TestMount disk = TestMount.bind(Files.createDirectories(folder.resolve("disk")), target)) {
            TestMount[] late = new TestMount[1];
            try {
                assertThatThrownBy(() -> relocated.relocate(target.resolve("cache"), changed -> {
                            if (late[0] == null && changed.equals(base)) {
                                late[0] = bind(volume, mnt);
                            }
                        }))
                        .hasMessageContaining(old + " was not deleted");
            } finally {
                late[0].close();
            }
        }
        assertThat(volume.resolve("thesis.txt")).hasContent("mine");
    }

    private static TestMount bind(Path from, Path point) {
        try {
            return TestMount.bind(from, point);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
