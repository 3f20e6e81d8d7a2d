package io.github.modelcache.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.model.Lock;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestMount;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moves a cache between mounts that have the same device number, as Docker volumes and overlays of one disk have. */
@EnabledOnOs(OS.LINUX)
class OtherMountsTest {

    @TempDir
    Path folder;

    private Path project;
    private Path base;
    private SortedMap<String, String> before;

    @BeforeEach
    void prepare() throws IOException {
        project = Files.createDirectories(folder.resolve("project"));
        base = project.resolve(".cache");
        fill(base);
        before = contents(base);
    }

    @Test
    void toAnotherBindMountAndBackItIsCopied() throws Exception {
        Path volume = Files.createDirectories(folder.resolve("volume"));
        Path point = folder.resolve("mnt");
        try (TestMount mount = TestMount.bind(volume, point)) {
            Path to = point.resolve("cache");
            assertThat(plan(to).actions().get(0).describe("x")).contains("copied and read again");
            move(to);
            assertThat(Files.readSymbolicLink(base)).isEqualTo(to);
            assertThat(contents(to)).isEqualTo(before);
            assertThat(plan(to).isEmpty()).isTrue();

            move(base);
            assertThat(Files.isSymbolicLink(base)).isFalse();
            assertThat(contents(base)).isEqualTo(before);
            assertThat(point).isEmptyDirectory();
        }
    }

    @Test
    void anEmptyMountPointIsAPlaceForACacheAndStaysWhenTheCacheLeaves() throws Exception {
        Path point = folder.resolve("mnt");
        try (TestMount mount = TestMount.bind(Files.createDirectories(folder.resolve("volume")), point)) {
            move(point);
            assertThat(Files.readSymbolicLink(base)).isEqualTo(point);
            assertThat(contents(point)).isEqualTo(before);

            Path further = folder.resolve("further");
            move(further);
            assertThat(contents(further)).isEqualTo(before);
            assertThat(point).isEmptyDirectory();
            assertThat(plan(further).isEmpty()).isTrue();
            move(point);
            move(base);
            assertThat(point).isEmptyDirectory();
        }
        assertThat(contents(base)).isEqualTo(before);
    }

    @Test
    void aCacheInALowerLayerOfAnOverlayIsCopied() throws Exception {
        Path point = folder.resolve("container");
        try (TestMount mount = TestMount.overlay(project, folder.resolve("layers"), point)) {
            project = point;
            base = point.resolve(".cache");
            Path to = point.resolve("elsewhere/cache");
            move(to);
            assertThat(Files.readSymbolicLink(base)).isEqualTo(to);
            assertThat(contents(to)).isEqualTo(before);
            assertThat(plan(to).isEmpty()).isTrue();
            assertThat(point.toFile().list()).containsExactlyInAnyOrder(".cache", "elsewhere", "config");
            move(base);
            assertThat(contents(base)).isEqualTo(before);
        }
    }

    @Test
    void aCacheInALowerLayerBehindALinkIsCopied() throws Exception {
        Path point = folder.resolve("container");
        Files.move(base, project.resolve("real"));
        Files.createSymbolicLink(base, Path.of("real"));
        try (TestMount mount = TestMount.overlay(project, folder.resolve("layers"), point)) {
            project = point;
            base = point.resolve(".cache");
            move(base);
            assertThat(Files.isSymbolicLink(base)).isFalse();
            assertThat(contents(base)).isEqualTo(before);
            assertThat(point.resolve("real")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".cache", ".cache/models/mnt", ".cache/models/one.bin"})
    void whatNoLinkCanReplaceOrMoveIsRefusedBeforeTheFirstByte(String name) throws Exception {
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
                assertThatThrownBy(() -> plan(to))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("can't be moved: something is mounted ")
                        .hasMessageContaining(point.toString())
                        .hasMessageContaining("Nothing was changed");
                assertThat(to).doesNotExist();
            }
            assertThat(TestProject.contents(base)).isEqualTo(mounted);
        }
    }

    @Test
    void whatIsMountedWhileACacheIsMovedIsNotEmptied() throws Exception {
        Path volume = Files.createDirectories(folder.resolve("volume"));
        Files.writeString(volume.resolve("thesis.txt"), "mine");
        Path old = project.resolve("old");
        Files.move(base, old);
        Files.createSymbolicLink(base, old);
        Path mnt = old.resolve("models/mnt");
        Path target = folder.resolve("target");
        try (TestMount disk = TestMount.bind(Files.createDirectories(folder.resolve("disk")), target)) {
            TestMount[] late = new TestMount[1];
            AtomicFileOperations relay = new AtomicFileOperations(changed -> {
                if (late[0] == null && changed.equals(base)) {
                    late[0] = bind(volume, mnt);
                }
            });
            try {
                assertThatThrownBy(() -> move(target.resolve("cache"), relay))
                        .hasMessageContaining("something else is mounted there");
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

    private void move(Path to) throws Exception {
        move(to, new AtomicFileOperations());
    }

    private void move(Path to, AtomicFileOperations relay) throws Exception {
        TestProject test = new TestProject(project);
        try (CacheMove move = new CacheMove(test.config(""), home(), Lock.EMPTY, relay, test)) {
            move.plan(to).run(test, project, 1);
        }
    }

    private Plan plan(Path to) throws Exception {
        TestProject test = new TestProject(project);
        try (CacheMove move = new CacheMove(test.config(""), home(), Lock.EMPTY, new AtomicFileOperations(), test)) {
            return move.plan(to);
        }
    }

    private Path home() throws IOException {
        return Files.createDirectories(folder.resolve("home"));
    }

    private static SortedMap<String, String> contents(Path cache) throws IOException {
        SortedMap<String, String> contents = TestProject.contents(cache);
        contents.remove(".modelcache");
        return contents;
    }

    private void fill(Path cache) throws IOException {
        Files.createDirectories(project.resolve("config"));
        new HubFixture(cache.resolve("huggingface/hub"), "acme/a")
                .large("a.bin", "weights")
                .ref("main", "x");
        Files.createDirectories(cache.resolve("models"));
        Files.writeString(cache.resolve("models/one.bin"), "one");
        Files.createDirectories(cache.resolve("torch"));
    }
}
