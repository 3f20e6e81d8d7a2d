package io.github.modelcache.migrate.relocate;

import static io.github.modelcache.migrate.relocate.RelocatedProject.contents;
import static io.github.modelcache.migrate.relocate.RelocatedProject.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.process.LockProcess;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relocations that are killed before each of their changes, and then repeated. */
class InterruptedRelocationTest {

    @TempDir
    Path folder;

    private RelocatedProject project;
    private Path base;
    private Path disk;

    @BeforeEach
    void prepare() throws IOException {
        project = RelocatedProject.in(folder);
        base = project.base();
        disk = project.disk();
    }

    @AfterEach
    void deleteDisk() throws IOException {
        project.close();
    }

    /** A project of its own for each change that a run is killed before. */
    private RelocatedProject another(String name) throws IOException {
        return new RelocatedProject(folder, Files.createDirectories(folder.resolve(name)));
    }

    @Nested
    class KilledAnywhere {

        @Test
        void theNextRunFinishesIt() throws Exception {
            for (Path root : List.of(folder, disk)) {
                int steps = 0;
                for (boolean killed = true; killed; steps++) {
                    String run = (root.equals(folder) ? "renamed" : "copied") + steps;
                    try (RelocatedProject one = another(run)) {
                        SortedMap<String, String> before = contents(one.base());
                        Path to = root.resolve("to-" + run);

                        killed = one.killed(to, steps);
                        hasNoBrokenLinks(one.base(), to, run);
                        one.relocate(to);
                        assertThat(Files.readSymbolicLink(one.base())).isEqualTo(to);
                        assertThat(contents(to)).as(run).isEqualTo(before);
                        assertThat(one.plan(to).isEmpty()).isTrue();

                        killed |= one.killed(one.base(), steps);
                        hasNoBrokenLinks(one.base(), to, run);
                        one.relocate(one.base());
                        assertThat(contents(one.base())).as(run + " back").isEqualTo(before);
                        assertThat(to).doesNotExist();
                        assertThat(one.root().toFile().list()).containsExactlyInAnyOrder(".cache", "config");
                    }
                }
                assertThat(steps).isGreaterThan(root.equals(folder) ? 5 : 20);
            }
        }

        @Test
        void theCacheCanBeRelocatedBackOrFurtherInstead() throws Exception {
            int switched = 0;
            for (Path root : List.of(folder, disk)) {
                boolean killed = true;
                for (int steps = 0; killed; steps++) {
                    String run = (root.equals(folder) ? "renamed" : "copied") + steps;
                    try (RelocatedProject one = another(run)) {
                        SortedMap<String, String> before = contents(one.base());
                        Path to = root.resolve("to-" + run);
                        Path third = root.resolve("third-" + run);
                        killed = one.killed(to, steps);
                        if (Files.isSymbolicLink(one.base())) {
                            switched++;
                            for (Path next : List.of(steps % 2 == 0 ? third : one.base(), to, one.base())) {
                                one.relocate(next);
                                assertThat(contents(one.base().toRealPath()))
                                        .as("%s to %s", run, next)
                                        .isEqualTo(before);
                                assertThat(one.root().toFile().list()).containsExactlyInAnyOrder(".cache", "config");
                            }
                            assertThat(to).doesNotExist();
                            assertThat(third).doesNotExist();
                        }
                    }
                }
            }
            assertThat(switched).isGreaterThan(3);
        }

        private static void hasNoBrokenLinks(Path one, Path other, String run) throws IOException {
            for (Path root : List.of(one, other)) {
                if (Files.isDirectory(root)) {
                    try (Stream<Path> paths = Files.walk(root.toRealPath())) {
                        assertThat(paths.filter(path -> Files.isSymbolicLink(path) && !Files.exists(path)))
                                .as("in %s, %s", root, run)
                                .isEmpty();
                    }
                }
            }
        }
    }

    @Nested
    class ThenABuildCreatesANewCache {

        @Test
        void anEmptyNewCacheNeverReplacesTheCompleteOne() throws Exception {
            int replaced = 0;
            for (Path root : List.of(folder, disk)) {
                boolean killed = true;
                for (int steps = 0; killed; steps++) {
                    String run = (root.equals(folder) ? "renamed" : "copied") + steps;
                    try (RelocatedProject one = another(run)) {
                        Path to = root.resolve("to-" + run);
                        killed = one.killed(to, steps);
                        replaced += setUp(one.base()) ? 1 : 0;
                        one.relocate(to);
                        hasModels(to, run);
                        assertThat(Files.readSymbolicLink(one.base())).isEqualTo(to);
                        assertThat(one.plan(to).isEmpty()).isTrue();

                        killed |= one.killed(one.base(), steps);
                        replaced += setUp(one.base()) ? 1 : 0;
                        one.relocate(one.base());
                        hasModels(one.base(), run + " back");
                        assertThat(one.root().toFile().list()).containsExactlyInAnyOrder(".cache", "config");
                    }
                }
            }
            assertThat(replaced).isGreaterThanOrEqualTo(3);
        }

        @Test
        void aNewCacheWithFilesOfItsOwnIsKeptAndNamed() throws Exception {
            Path to = folder.resolve("interrupted");
            project.killedBefore(base, to);
            assertThat(base).doesNotExist();
            setUp(base);
            Path own = base.resolve("models/own.bin");
            write(own, "own");
            SortedMap<String, String> before = TestProject.contents(folder);

            project.refused(to, to + " has no copy of " + own.toRealPath());
            assertThat(TestProject.contents(folder)).isEqualTo(before);

            Files.move(own, to.resolve("models/own.bin"));
            project.relocate(to);
            assertThat(to.resolve("models/own.bin")).hasContent("own");
            assertThat(to.resolve("models/one.bin")).hasContent("one");
            assertThat(Files.readSymbolicLink(base)).isEqualTo(to);
        }

        /** Does what the set-up of a build does where there is no cache. */
        private static boolean setUp(Path cache) throws IOException {
            if (Files.exists(cache) || Files.isSymbolicLink(cache)) {
                return false;
            }
            Files.createDirectories(cache.resolve("torch"));
            write(cache.resolve("CACHEDIR.TAG"), "tag");
            write(cache.resolve(".modelcache/stamps.bin"), "new");
            return true;
        }

        private static void hasModels(Path cache, String run) {
            assertThat(cache.resolve("models/one.bin")).as(run).hasContent("one");
            assertThat(new HubFixture(cache.resolve("huggingface/hub"), "acme/a").file("a.bin"))
                    .as(run)
                    .hasContent("weights");
        }
    }

    @Nested
    class ThenOtherFilesAppear {

        @BeforeEach
        void requireSecondDisk() {
            assumeTrue(project.hasSecondDisk(), "There is no second disk");
        }

        @Test
        void inTheNewFolderAreKept() throws Exception {
            Path to = disk.resolve("cache");
            project.killedBefore(to.resolve("models/one.bin"), to);
            Path other = to.resolve("huggingface/hub/models--other--project/w.bin");
            write(other, "other");
            SortedMap<String, String> cache = contents(base);

            project.relocate(to);

            assertThat(other).hasContent("other");
            assertThat(contents(to)).containsAllEntriesOf(cache);
        }

        @Test
        void aNewerFileWhereACopyBelongsIsNotOverwritten() throws Exception {
            Path to = disk.resolve("cache");
            Path ours = base.resolve("models/one.bin");
            Files.setLastModifiedTime(ours, FileTime.from(Instant.parse("2026-01-31T09:00:00Z")));
            Path theirs = to.resolve("models/one.bin");
            project.killedBefore(theirs, to);
            write(theirs, "theirs");

            project.refused(to, theirs + " is newer than " + ours.toRealPath());
            assertThat(theirs).hasContent("theirs");
            assertThat(Files.isSymbolicLink(base)).isFalse();

            Files.delete(theirs);
            project.relocate(to);
            assertThat(theirs).hasContent("one");
        }

        @Test
        void anotherContentOfTheSameSizeAndSecondIsNoCopy() throws Exception {
            Path to = disk.resolve("cache");
            Path copy = to.resolve("models/one.bin");
            project.killedBefore(copy, to);
            write(copy, "eno");
            Files.setLastModifiedTime(base.resolve("models/one.bin"), FileTime.fromMillis(1_700_000_001_234L));
            Files.setLastModifiedTime(copy, FileTime.fromMillis(1_700_000_000_000L));

            project.relocate(to);

            assertThat(copy).hasContent("one");
        }

        @Test
        void inAFolderThatReplacedTheOldOneAreKept() throws Exception {
            Path first = folder.resolve("first");
            Path second = disk.resolve("second");
            project.relocate(first);
            project.killedBefore(first.resolve("models/one.bin"), second);
            new TreeDeleter().deleteTree(first, first, path -> false);
            write(first.resolve("models/theirs.bin"), "theirs");
            write(first.resolve("models/one.bin"), "their one");
            SortedMap<String, String> before = TestProject.contents(first);

            project.refused(second, first + " was not deleted");

            assertThat(TestProject.contents(first)).isEqualTo(before);
            assertThat(second.resolve("models/one.bin")).hasContent("one");
            new TreeDeleter().deleteTree(first, first, path -> false);
            project.relocate(second);
            assertThat(project.plan(second).isEmpty()).isTrue();
        }

        @Test
        void noModelIsFetchedIntoACacheThatIsReplaced() throws Exception {
            Path first = folder.resolve("first");
            Path second = disk.resolve("second");
            Path third = Files.createDirectories(folder.resolve("third"));
            project.relocate(first);
            project.killedBefore(base, second);
            Files.delete(base);
            Files.createSymbolicLink(base, third);
            project.members("\"models\": [\"hf:acme/a\"]");
            ModelReference model = ModelReference.parse("hf:acme/a");
            Path lock = new Layouts(project.config()).find(model).orElseThrow().processLock(model);
            List<Boolean> free = new ArrayList<>();

            project.relocate(second, changed -> {
                if (Files.exists(lock)) {
                    free.add(LockProcess.isFree(lock));
                }
            });

            assertThat(free).isNotEmpty().containsOnly(false);
            assertThat(Files.readSymbolicLink(base)).isEqualTo(second);
            assertThat(contents(second)).containsKey("models/one.bin");
        }
    }
}
