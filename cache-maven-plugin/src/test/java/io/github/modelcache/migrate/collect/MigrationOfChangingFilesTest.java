package io.github.modelcache.migrate.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.huggingface.FlatTransformersCacheTest;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Imports that are interrupted, or of files that change. */
class MigrationOfChangingFilesTest extends MigrationCase {

    @Test
    void aFileOfAModelMayHaveTheNameOfAToolsFile() throws Exception {
        new HubFixture(legacy, "acme/a").real("version.txt", "1.2", true).real("a.bin", "weights", true);
        new HubFixture(migrated.hub(), "acme/a").real("a.bin", "weights", true);

        migrated.run();

        assertThat(new HubFixture(migrated.hub(), "acme/a").file("version.txt")).hasContent("1.2");
        nothingLeft();
    }

    @Test
    void refsOfARevisionAreKeptWhileOneOfItsFilesIsKept() throws Exception {
        Path outside = folder.resolve("outside");
        write(outside, "precious");
        HubFixture old = repository(legacy, "acme/a").ref("gone", OTHER);
        Path tree = old.tree(Map.of());
        Files.createSymbolicLink(old.file("out.bin"), outside);

        migrated.run();

        assertThat(old.file("out.bin")).hasContent("precious");
        assertThat(old.folder().resolve("refs/main")).hasContent(HubFixture.COMMIT);
        assertThat(old.folder().resolve("refs/gone")).doesNotExist();
        assertThat(tree).exists();
        assertThat(migrated.hub().resolve("models--acme--a/refs/main")).hasContent(HubFixture.COMMIT);
        nothingLeft();
    }

    @Test
    void anUnreadableModelDoesNotStopTheImportOfOthers() throws Exception {
        HubFixture bad = repository(legacy, "acme/a");
        repository(legacy, "acme/b");
        Path ref = bad.folder().resolve("refs/main");
        Files.setPosixFilePermissions(ref, Set.of());
        assumeTrue(!Files.isReadable(ref), "This user reads everything");

        migrated.run();

        assertThat(bad.file("a.bin")).hasContent("weights");
        assertThat(new HubFixture(migrated.hub(), "acme/b").file("a.bin")).hasContent("weights");
        assertThat(migrated.plan().notes()).anyMatch(note -> note.contains("is kept: it can't be read"));
    }

    @Test
    void namesMayContainNewlines() throws Exception {
        HubFixture old = new HubFixture(legacy, "acme/a").large("a\nb.bin", "weights");
        write(legacy.resolve("my\nnotes.txt"), "mine");

        migrated.run();

        assertThat(new HubFixture(migrated.hub(), "acme/a").file("a\nb.bin")).hasContent("weights");
        assertThat(old.folder()).doesNotExist();
        assertThat(migrated.plan().notes()).singleElement().asString().contains("my?notes.txt");
    }

    @Test
    void hardLinkedFilesKeepTheirOtherName() throws Exception {
        HubFixture old = repository(legacy, "acme/a");
        Path elsewhere = Files.createLink(folder.resolve("elsewhere"), old.blob("a.bin"));

        migrated.run();

        assertThat(elsewhere).hasContent("weights");
        assertThat(new HubFixture(migrated.hub(), "acme/a").file("a.bin")).hasContent("weights");
    }

    @Test
    void filesThatChangeAfterThePlanAreKept() throws Exception {
        HubFixture old = repository(legacy, "acme/a");
        HubFixture gone = repository(legacy, "acme/b");
        Path vanishes = gone.blob("a.bin");

        migrated.run(() -> {
            Files.writeString(old.blob("a.bin"), "changed!");
            Files.delete(vanishes);
        });

        assertThat(old.file("a.bin")).hasContent("changed!");
        assertThat(migrated.hub().resolve("models--acme--a")).doesNotExist();
        assertThat(migrated.said())
                .anyMatch(line -> line.contains("models--acme--a is kept") && line.contains("changed meanwhile"))
                .anyMatch(line -> line.contains("models--acme--b is kept") && line.contains("is missing"));
        assertThat(migrated.failures()).isEqualTo(2);
        assertThat(legacy).exists();
    }

    @Test
    void aRunningDownloadIsNotDisturbed() throws Exception {
        HubFixture old = repository(legacy, "acme/a");
        write(old.folder().resolve("blobs/" + "c".repeat(64) + ".0123abcd.incomplete"), "par");

        migrated.run();

        assertThat(old.file("a.bin")).hasContent("weights");
        assertThat(migrated.plan().notes()).anyMatch(note -> note.contains("is downloading into it"));
    }

    @Test
    void aRefWithANewlineIsWrittenAsItShouldBe() throws Exception {
        new HubFixture(legacy, "acme/a").large("a.bin", "a").ref("main", HubFixture.COMMIT + "\n");

        migrated.run();

        assertThat(Files.readString(migrated.hub().resolve("models--acme--a/refs/main")))
                .isEqualTo(HubFixture.COMMIT);
        nothingLeft();
    }

    @Test
    void realFilesInSnapshotsAreTakenAsTheyAre() throws Exception {
        HubFixture old =
                new HubFixture(legacy, "acme/a").real("a.bin", "weights", true).real("b.bin", "b", true);
        old.tree(Map.of());
        Files.writeString(old.file("b.bin"), "B");

        migrated.run();

        HubFixture there = new HubFixture(migrated.hub(), "acme/a");
        assertThat(there.file("a.bin")).hasContent("weights");
        assertThat(there.file("b.bin")).doesNotExist();
        assertThat(old.file("b.bin")).hasContent("B");
    }

    @Test
    void filesOnAnotherDiskAreCopiedAndVerified() throws Exception {
        Path otherDisk = Path.of("/dev/shm");
        assumeTrue(
                Files.isWritable(otherDisk) && !Files.getFileStore(otherDisk).equals(Files.getFileStore(folder)),
                "There is no second disk");
        Path elsewhere = Files.createTempDirectory(otherDisk, "model-cache");
        try {
            repository(legacy, "acme/a");
            write(legacy.resolve("torch/hub/acme_net_main/hubconf.py"), "1");
            write(legacy.resolve("torch/hub/checkpoints/net.pth"), "net");
            migrated.members("\"base_dir\": \"%s/cache\", \"torch_home\": \"%s/torch\", \"hf_home\": \"%s/hf\""
                            .formatted(elsewhere, elsewhere, elsewhere))
                    .run();

            assertThat(migrated.plan().copyBytes()).isEqualTo(13);
            assertThat(migrated.copied()).isEqualTo(13);
            assertThat(migrated.freed()).isZero();
            assertThat(new HubFixture(elsewhere.resolve("hf/hub"), "acme/a").file("a.bin"))
                    .hasContent("weights");
            assertThat(elsewhere.resolve("torch/hub/acme_net_main/hubconf.py")).exists();
            assertThat(legacy).doesNotExist();
            nothingLeft();
        } finally {
            new TreeDeleter().deleteTree(elsewhere, elsewhere, path -> false);
            Files.delete(elsewhere);
        }
    }

    @Test
    void aRunThatIsKilledAnywhereIsFinishedByTheNext() throws Exception {
        Path undisturbed = folder.resolve("undisturbed");
        crowded(undisturbed).run();
        SortedMap<String, String> expected = new Migrated(undisturbed).everything();
        boolean killed = true;
        int steps = 0;
        for (; killed; steps++) {
            Path place = folder.resolve("killed" + steps);
            Migrated one = crowded(place);
            AtomicInteger left = new AtomicInteger(steps);
            killed = false;
            try {
                one.run(new AtomicFileOperations(changed -> {
                    if (left.getAndDecrement() == 0) {
                        throw new Killed();
                    }
                }));
            } catch (Killed e) {
                killed = true;
            }
            one.run();
            assertThat(one.everything()).as("killed before step %d", steps).isEqualTo(expected);
            assertThat(one.run().plan().isEmpty()).isTrue();
        }
        assertThat(steps).isGreaterThan(40);
    }

    @Test
    void aKilledRunLeavesTheSourceUsableOrDeleted() throws Exception {
        boolean killed = true;
        for (int steps = 0; killed; steps++) {
            Migrated one = crowded(folder.resolve("killed" + steps)).keep(false);
            AtomicInteger left = new AtomicInteger(steps);
            killed = false;
            try {
                one.run(new AtomicFileOperations(changed -> {
                    if (left.getAndDecrement() == 0) {
                        throw new Killed();
                    }
                }));
            } catch (Killed e) {
                killed = true;
            }
            assertThat(dangling(folder.resolve("killed" + steps)))
                    .as("killed before step %d", steps)
                    .isEmpty();
        }
    }

    @Test
    void aKilledRunLeavesATorchFolderCompleteOrDeleted() throws Exception {
        boolean killed = true;
        for (int steps = 0; killed; steps++) {
            Path place = folder.resolve("killed" + steps);
            Migrated one = crowded(place).keep(false);
            AtomicInteger left = new AtomicInteger(steps);
            killed = false;
            try {
                one.run(new AtomicFileOperations(changed -> {
                    if (left.getAndDecrement() == 0) {
                        throw new Killed();
                    }
                }));
            } catch (Killed e) {
                killed = true;
            }
            Path old = one.home().resolve(".cache/torch/hub/acme_home_main");
            if (Files.exists(old)) {
                assertThat(TestProject.contents(old)).containsKeys("hubconf.py", "sub/x.py");
            }
            one.run();
            assertThat(one.home().resolve(".cache/torch/hub"))
                    .as("killed before step %d", steps)
                    .isEmptyDirectory();
        }
    }

    @Test
    void foldersThatAKilledRunEmptiedAreDeleted() throws Exception {
        Path home = migrated.home().resolve(".cache/torch/hub");
        Path mine = Files.createDirectories(home.resolve("my_own_notes/sub"));
        Files.createDirectories(home.resolve("acme_net_main/sub"));
        Files.createDirectories(legacy.resolve("torch/hub/acme_old_main/sub"));
        Files.createDirectories(legacy.resolve("hub/models--acme--a/blobs"));
        write(PartialFiles.leaving(legacy.resolve("torch/hub/acme_more_main")).resolve("x.py"), "1");
        Path unknown = PartialFiles.unshared(PartialFiles.leaving(home.resolve("acme_net_main")));
        write(unknown.resolve("x.py"), "1");
        migrated.members("\"models\": [\"torchhub:acme/net\"]").keep(false).run();

        assertThat(home.resolve("acme_net_main")).doesNotExist();
        assertThat(mine).exists();
        assertThat(unknown.resolve("x.py")).exists();
        assertThat(legacy).doesNotExist();
    }

    @Test
    void aFlatCacheOfOldTransformersIsKeptWithAnExplanation() throws Exception {
        Path flat = legacy.resolve("transformers");
        FlatTransformersCacheTest.fill(flat, "https://huggingface.co/acme/a/resolve/main/config.json", "{}");
        SortedMap<String, String> before = TestProject.contents(flat);

        migrated.run();

        assertThat(TestProject.contents(flat)).isEqualTo(before);
        assertThat(migrated.plan().notes())
                .singleElement()
                .asString()
                .contains(
                        "shared/model-cache/transformers holds ",
                        "transformers up to 4.21",
                        "mvn cache:download",
                        "rm -r '" + flat + "'");
    }

    @Test
    void twoNamesOfOneFileAreNotStoredTwice() throws Exception {
        HubFixture own = repository(migrated.hub(), "acme/a");
        HubFixture old = repository(legacy, "acme/a");
        Files.delete(old.blob("a.bin"));
        Files.createLink(old.blob("a.bin"), own.blob("a.bin"));
        Files.delete(old.blob("config.json"));
        Files.createLink(old.blob("config.json"), own.blob("config.json"));

        migrated.run();

        assertThat(migrated.lines())
                .contains(
                        "delete shared/model-cache/models--acme--a (0 B, other names of files in the project's cache)");
        assertThat(migrated.plan().duplicateBytes()).isZero();
        assertThat(migrated.freed()).isZero();
        assertThat(own.file("a.bin")).hasContent("weights");
        assertThat(old.folder()).doesNotExist();
        nothingLeft();
    }

    @Test
    void filesWithAnotherHardLinkAreNotCountedAsSaved() throws Exception {
        repository(migrated.hub(), "acme/a");
        HubFixture old = repository(legacy, "acme/a");
        Files.createLink(folder.resolve("elsewhere"), old.blob("a.bin"));

        migrated.run();

        assertThat(migrated.plan().duplicateBytes()).isEqualTo("{}".length());
        assertThat(migrated.freed()).isEqualTo("{}".length());
        assertThat(folder.resolve("elsewhere")).hasContent("weights");
    }
}
