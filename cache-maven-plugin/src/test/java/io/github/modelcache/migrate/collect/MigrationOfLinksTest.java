package io.github.modelcache.migrate.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** Imports of hub caches with a shared store, links or damaged files. */
class MigrationOfLinksTest extends MigrationCase {

    @Test
    void contentsOfTheSharedStoreBecomeRealOnes() throws Exception {
        Path hub = legacy.resolve("hub");
        HubFixture shared =
                new HubFixture(hub, "acme/a").stored("a.bin", XET, "weights").ref("main", HubFixture.COMMIT);

        migrated.run();

        Path blob = migrated.hub()
                .resolve("models--acme--a/blobs/" + shared.digest("a.bin").hex());
        assertThat(blob).isRegularFile().hasContent("weights");
        assertThat(Files.isSymbolicLink(blob)).isFalse();
        assertThat(migrated.hub().resolve("blobs")).doesNotExist();
        assertThat(legacy).doesNotExist();
        assertThat(migrated.copied()).isZero();
        nothingLeft();
    }

    @Test
    void linksToADamagedSharedBlobAreKept() throws Exception {
        HubFixture shared = new HubFixture(legacy.resolve("hub"), "acme/a")
                .stored("a.bin", XET, "weights")
                .large("b.bin", "good")
                .ref("main", HubFixture.COMMIT);
        Files.writeString(shared.stored(XET), "WEIGHTS");

        migrated.run();

        assertThat(shared.blob("a.bin")).isSymbolicLink().hasContent("WEIGHTS");
        assertThat(shared.file("a.bin")).isSymbolicLink().hasContent("WEIGHTS");
        assertThat(migrated.plan().notes()).anyMatch(note -> note.contains("is kept: it is damaged"));
    }

    @Test
    void theSharedStoreIsDeletedWithItsBlobs() throws Exception {
        repository(migrated.hub(), "acme/a");
        new HubFixture(legacy.resolve("hub"), "acme/a")
                .stored("a.bin", XET, "weights")
                .ref("main", HubFixture.COMMIT);

        migrated.look();

        assertThat(migrated.lines())
                .contains(
                        "delete shared/model-cache/hub/models--acme--a (0 B, stored twice)",
                        "delete shared/model-cache/hub/blobs (7 B, no repository needs it)");
    }

    @Test
    void aStoreThatAnUnknownRepositoryUsesIsKept() throws Exception {
        Path hub = legacy.resolve("hub");
        HubFixture shared =
                new HubFixture(hub, "acme/a").stored("a.bin", XET, "weights").ref("main", HubFixture.COMMIT);
        Path kernel = hub.resolve("kernels--acme--k/blobs/" + "c".repeat(64));
        link(kernel, Path.of("../../blobs").resolve(XET.substring(0, 2)).resolve(XET));

        migrated.run();

        assertThat(new HubFixture(migrated.hub(), "acme/a").file("a.bin")).hasContent("weights");
        assertThat(shared.folder()).doesNotExist();
        assertThat(kernel).isSymbolicLink().hasContent("weights");
        assertThat(migrated.plan().notes()).anyMatch(note -> note.contains("other repositories may need it"));
    }

    @Test
    void aStoreThatAnUnknownRepositoryUsesSinceThePlanIsKept() throws Exception {
        Path hub = legacy.resolve("hub");
        new HubFixture(hub, "acme/a").stored("a.bin", XET, "weights").ref("main", HubFixture.COMMIT);
        Path kernel = hub.resolve("kernels--acme--k/blobs/" + "c".repeat(64));

        migrated.run(() ->
                link(kernel, Path.of("../../blobs").resolve(XET.substring(0, 2)).resolve(XET)));

        assertThat(kernel).isSymbolicLink().hasContent("weights");
    }

    @Test
    void linksOfSnapshotsThatNameTheOldPlaceInFullAreMadeAnew() throws Exception {
        HubFixture old = repository(legacy.resolve("hub"), "acme/a");
        Path link = old.file("a.bin");
        Files.delete(link);
        Files.createSymbolicLink(link, old.blob("a.bin"));
        Object inode = inode(old.blob("a.bin"));

        migrated.run();

        HubFixture there = new HubFixture(migrated.hub(), "acme/a");
        assertThat(there.file("a.bin")).isSymbolicLink().hasContent("weights");
        assertThat(Files.readSymbolicLink(there.file("a.bin")).isAbsolute()).isFalse();
        assertThat(inode(there.file("a.bin").toRealPath())).isEqualTo(inode);
        assertThat(legacy).doesNotExist();
        assertThat(migrated.copied()).isZero();
        nothingLeft();
    }

    @Test
    void damagedContentsStayAndAreNamed() throws Exception {
        HubFixture old =
                new HubFixture(legacy, "acme/a").large("a.bin", "weights").large("b.bin", "good");
        Files.writeString(old.blob("a.bin"), "WEIGHTS");
        write(legacy.resolve("torch/hub/checkpoints/net-01234567.pth"), "net");
        write(legacy.resolve("whisper/tiny.pt"), "part");

        migrated.run();

        assertThat(old.file("a.bin")).hasContent("WEIGHTS");
        assertThat(new HubFixture(migrated.hub(), "acme/a").file("b.bin")).hasContent("good");
        assertThat(new HubFixture(migrated.hub(), "acme/a").file("a.bin")).doesNotExist();
        assertThat(migrated.file(".cache/torch/hub/checkpoints/net-01234567.pth"))
                .doesNotExist();
        assertThat(migrated.file(".cache/whisper/tiny.pt")).doesNotExist();
        assertThat(migrated.plan().notes())
                .anyMatch(note -> note.contains("blobs/" + old.digest("a.bin").hex()) && note.contains("damaged"))
                .anyMatch(note -> note.contains("net-01234567.pth") && note.contains("damaged"))
                .anyMatch(note -> note.contains("tiny.pt") && note.contains("damaged"));
        nothingLeft();
    }

    @Test
    void aDamagedContentOfTheProjectIsReplaced() throws Exception {
        HubFixture own = repository(migrated.hub(), "acme/a");
        Files.writeString(own.blob("a.bin"), "WEIGHTS");
        repository(migrated.file(".cache/huggingface"), "acme/a");

        migrated.run();

        assertThat(own.file("a.bin")).hasContent("weights");
        nothingLeft();
    }

    @Test
    void torchFilesAndRepositoriesAreTaken() throws Exception {
        write(legacy.resolve("torch/hub/checkpoints/net.pth"), "net");
        write(legacy.resolve("torch/hub/acme_net_main/hubconf.py"), "def net(): pass");
        write(legacy.resolve("torch/hub/acme_net_main/sub/__pycache__/x.pyc"), "compiled");
        write(legacy.resolve("torch/hub/my_own_notes/readme.txt"), "mine");

        migrated.run();

        assertThat(migrated.file(".cache/torch/hub/checkpoints/net.pth")).hasContent("net");
        assertThat(migrated.file(".cache/torch/hub/acme_net_main/hubconf.py")).exists();
        assertThat(legacy.resolve("torch/hub/my_own_notes/readme.txt")).hasContent("mine");
        assertThat(legacy.resolve("torch/hub/acme_net_main")).doesNotExist();
        assertThat(migrated.plan().notes()).singleElement().asString().contains("readme.txt");
        nothingLeft();
    }

    @Test
    void torchFilesOfTheHomeFolderAreCopiedWhereProgramsMightWriteIntoThem() throws Exception {
        Path torch = migrated.home().resolve(".cache/torch/hub");
        write(torch.resolve("acme_net_main/hubconf.py"), "def net(): pass");
        write(torch.resolve("acme_net_main/sub/net.py"), "1");
        write(torch.resolve("checkpoints/net.pth"), "net");
        SortedMap<String, String> before = home();

        migrated.members("\"models\": [\"torchhub:acme/net\", \"torch:https://example.org/x/net.pth\"]")
                .run();

        assertThat(home()).isEqualTo(before);
        assertThat(migrated.file(".cache/torch/hub/acme_net_main/sub/net.py")).hasContent("1");
        assertThat(inode(migrated.file(".cache/torch/hub/acme_net_main/hubconf.py")))
                .isNotEqualTo(inode(torch.resolve("acme_net_main/hubconf.py")));
        assertThat(inode(migrated.file(".cache/torch/hub/checkpoints/net.pth")))
                .isEqualTo(inode(torch.resolve("checkpoints/net.pth")));
        nothingLeft();
    }

    @Test
    void aDifferentFileOfTheSameNameIsKept() throws Exception {
        write(legacy.resolve("torch/hub/checkpoints/net.pth"), "old");
        write(migrated.file(".cache/torch/hub/checkpoints/net.pth"), "new");

        migrated.run();

        assertThat(migrated.file(".cache/torch/hub/checkpoints/net.pth")).hasContent("new");
        assertThat(legacy.resolve("torch/hub/checkpoints/net.pth")).hasContent("old");
        assertThat(migrated.plan().notes()).anyMatch(note -> note.contains("no digest is known for either"));
    }

    @Test
    void linksOutOfTheOldPlaceAreNotFollowed() throws Exception {
        Path outside = folder.resolve("outside");
        write(outside.resolve("weights.bin"), "precious");
        HubFixture old = new HubFixture(legacy, "acme/a").large("a.bin", "weights");
        Files.createSymbolicLink(old.file("out.bin"), outside.resolve("weights.bin"));
        Files.createSymbolicLink(old.folder().resolve("blobs/" + "c".repeat(64)), outside.resolve("weights.bin"));
        Files.createSymbolicLink(old.folder().resolve("blobs/" + "d".repeat(64)), Path.of("d".repeat(64)));
        Files.createSymbolicLink(legacy.resolve("models--acme--linked"), outside);
        Files.createSymbolicLink(legacy.resolve("torch"), outside);

        migrated.run();

        assertThat(outside.resolve("weights.bin")).hasContent("precious");
        assertThat(old.file("out.bin")).isSymbolicLink();
        assertThat(legacy.resolve("models--acme--linked")).isSymbolicLink();
        assertThat(new HubFixture(migrated.hub(), "acme/a").file("a.bin")).hasContent("weights");
        assertThat(migrated.plan().notes()).hasSizeGreaterThanOrEqualTo(4);
        nothingLeft();
    }

    @Test
    void anOldFolderThatIsALinkToTheRootIsNotChanged() throws Exception {
        HubFixture own = repository(migrated.hub(), "acme/a");
        Files.createDirectories(legacy.getParent());
        Files.createSymbolicLink(legacy, migrated.hub());

        assertThat(migrated.run().plan().isEmpty()).isTrue();
        assertThat(own.file("a.bin")).hasContent("weights");
    }

    @Test
    void filesThatTheProjectsCacheLinksToAreKept() throws Exception {
        HubFixture old = repository(legacy, "acme/a");
        link(migrated.hub().resolve("models--acme--a"), old.folder());
        HubFixture linkedBlobs = repository(legacy, "acme/b");
        link(
                migrated.hub().resolve("models--acme--b/blobs"),
                linkedBlobs.folder().resolve("blobs"));
        HubFixture linkedSnapshots = repository(legacy, "acme/c");
        link(
                migrated.hub().resolve("models--acme--c/snapshots"),
                linkedSnapshots.folder().resolve("snapshots"));
        write(legacy.resolve("torch/hub/checkpoints/net.pth"), "net");
        link(migrated.file(".cache/torch/hub/checkpoints"), legacy.resolve("torch/hub/checkpoints"));
        write(legacy.resolve("torch/hub/acme_net_main/hubconf.py"), "1");
        link(migrated.file(".cache/torch/hub/acme_net_main"), legacy.resolve("torch/hub/acme_net_main"));
        SortedMap<String, String> before = TestProject.contents(legacy);

        migrated.look();
        assertThat(migrated.lines()).noneMatch(line -> line.startsWith("delete"));
        assertThat(migrated.plan().notes())
                .filteredOn(note -> note.contains("the project's cache links to it"))
                .hasSize(5);
        migrated.run();

        assertThat(TestProject.contents(legacy)).isEqualTo(before);
        assertThat(migrated.file(".cache/torch/hub/checkpoints/net.pth")).hasContent("net");
        assertThat(new HubFixture(migrated.hub(), "acme/a").file("a.bin")).hasContent("weights");
    }

    @Test
    void aFileThatIsLinkedAfterThePlanIsKept() throws Exception {
        Path old = legacy.resolve("torch/hub/checkpoints/net.pth");
        Path own = migrated.file(".cache/torch/hub/checkpoints/net.pth");
        write(old, "net");
        write(own, "net");

        migrated.run(() -> {
            Files.delete(own);
            link(own, old);
        });
        assertThat(own).hasContent("net");

        migrated.run();
        assertThat(own).hasContent("net");
        assertThat(migrated.plan().notes()).anyMatch(note -> note.contains("the project's cache links to it"));
    }
}
