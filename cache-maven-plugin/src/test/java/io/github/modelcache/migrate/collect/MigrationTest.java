package io.github.modelcache.migrate.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.huggingface.FlatTransformersCacheTest;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationTest {

    private static final String XET = "ab" + "0".repeat(62);
    private static final String OTHER = "f".repeat(40);

    @TempDir
    Path folder;

    private Migrated migrated;
    private Path legacy;
    private Path homeHub;

    @BeforeEach
    void prepare() throws IOException {
        migrated = new Migrated(folder);
        legacy = migrated.file("shared/model-cache");
        homeHub = migrated.home().resolve(".cache/huggingface/hub");
    }

    @Test
    void nothingScatteredIsNothingToDo() throws Exception {
        new HubFixture(migrated.hub(), "acme/a").large("a.bin", "a").ref("main", HubFixture.COMMIT);

        assertThat(migrated.run().plan().isEmpty()).isTrue();
        assertThat(migrated.plan().notes()).isEmpty();
    }

    @Test
    void aLegacyRepositoryIsRenamedAndTheFolderGoes() throws Exception {
        HubFixture old = repository(legacy.resolve("huggingface/hub"), "acme/a");
        Object inode = inode(old.blob("a.bin"));

        migrated.run();

        HubFixture there = new HubFixture(migrated.hub(), "acme/a");
        assertThat(there.file("a.bin")).hasContent("weights");
        assertThat(inode(there.folder()
                        .resolve("blobs")
                        .resolve(old.digest("a.bin").hex())))
                .isEqualTo(inode);
        assertThat(legacy).doesNotExist();
        assertThat(migrated.copied()).isZero();
        assertThat(migrated.hub().resolve("CACHEDIR.TAG")).exists();
        nothingLeft();
    }

    @Test
    void aDryRunPrintsThePlanAndChangesNothing() throws Exception {
        repository(legacy, "acme/a");
        repository(migrated.file(".cache/huggingface"), "acme/a");
        migrated.members("");
        migrated.look();
        SortedMap<String, String> before = migrated.everything();

        MigrationPlan plan = migrated.look();

        assertThat(migrated.everything()).isEqualTo(before);
        assertThat(migrated.lines())
                .containsExactly(
                        "move shared/model-cache/models--acme--a to .cache/huggingface/hub/models--acme--a (9 B)",
                        "delete .cache/huggingface/models--acme--a (9 B, stored twice)",
                        "delete shared/model-cache (0 B, empty by then)");
        assertThat(plan.twiceBytes()).isEqualTo(9);
        assertThat(plan.bytes()).isEqualTo(9);
        assertThat(plan.copyBytes()).isZero();
    }

    @Test
    void aSplitRepositoryIsMergedByContent() throws Exception {
        HubFixture right = new HubFixture(migrated.hub(), "acme/a")
                .large("a.bin", "weights")
                .ref("main", OTHER);
        HubFixture split = new HubFixture(migrated.file(".cache/huggingface"), "acme/a")
                .large("a.bin", "weights")
                .large("onnx/b.bin", "more")
                .ref("main", HubFixture.COMMIT)
                .ref("v1", HubFixture.COMMIT);
        split.tree(Map.of());

        migrated.run();

        Path there = right.folder();
        assertThat(there.resolve("snapshots/" + HubFixture.COMMIT + "/onnx/b.bin"))
                .isSymbolicLink()
                .hasContent("more");
        assertThat(Files.readSymbolicLink(there.resolve("snapshots/" + HubFixture.COMMIT + "/onnx/b.bin")))
                .isEqualTo(
                        Path.of("../../../blobs/" + split.digest("onnx/b.bin").hex()));
        assertThat(there.resolve("refs/main")).hasContent(OTHER);
        assertThat(there.resolve("refs/v1")).hasContent(HubFixture.COMMIT);
        assertThat(there.resolve("trees/" + HubFixture.COMMIT + ".json")).exists();
        assertThat(split.folder()).doesNotExist();
        assertThat(migrated.copied()).isZero();
        assertThat(migrated.freed()).isEqualTo("weights".length());
        nothingLeft();
    }

    @Test
    void theLockDecidesWhatABranchLeadsTo() throws Exception {
        new HubFixture(migrated.hub(), "acme/a").ref("main", OTHER);
        HubFixture split = repository(migrated.file(".cache/huggingface"), "acme/a");

        migrated.lock(split.resolved()).run();

        assertThat(migrated.hub().resolve("models--acme--a/refs/main")).hasContent(HubFixture.COMMIT);
        nothingLeft();
    }

    @Test
    void ofAHomeCacheOnlyWhatTheProjectWantsIsTakenAndStays() throws Exception {
        HubFixture wanted = repository(homeHub, "acme/a");
        repository(homeHub, "acme/other");
        Files.writeString(homeHub.resolveSibling("token"), "secret");
        SortedMap<String, String> before = home();

        migrated.members("\"models\": [\"hf:acme/a\"]").run();

        assertThat(home()).isEqualTo(before);
        assertThat(migrated.hub().resolve("models--acme--other")).doesNotExist();
        assertThat(new HubFixture(migrated.hub(), "acme/a").file("a.bin")).hasContent("weights");
        assertThat(inode(migrated.hub()
                        .resolve("models--acme--a/blobs/"
                                + wanted.digest("a.bin").hex())))
                .isEqualTo(inode(wanted.blob("a.bin")));
        assertThat(migrated.copied()).isZero();
        nothingLeft();
    }

    @Test
    void whatAHomeCacheHoldsBesidesIsMentioned() throws Exception {
        repository(homeHub, "acme/a");
        for (String name : List.of("b", "c", "d", "e")) {
            repository(homeHub, "acme/" + name);
        }

        MigrationPlan plan = migrated.members("\"models\": [\"hf:acme/a\"]").look();

        assertThat(plan.undeclared())
                .containsExactly(
                        homeHub + " holds hf:acme/b, hf:acme/c, hf:acme/d and 1 more, which this project does not"
                                + " declare. To bring one too, add it to cache.models and run mvn cache:migrate again");
    }

    @Test
    void repositoriesInTheWrongOneOfTheCachesAreGathered() throws Exception {
        repository(migrated.file(".cache/whisper"), "acme/a");
        repository(migrated.file(".cache/mlx/hub"), "acme/b");
        repository(migrated.file(".cache"), "acme/c");
        repository(migrated.file(".cache/models"), "acme/a");
        Path own = migrated.file(".cache/models/checkpoints/net.pth");
        Files.createDirectories(own.getParent());
        Files.writeString(own, "perhaps of a plain address");

        migrated.run();

        for (String name : List.of("a", "b", "c")) {
            assertThat(new HubFixture(migrated.hub(), "acme/" + name).file("a.bin"))
                    .hasContent("weights");
        }
        assertThat(migrated.file(".cache/whisper/models--acme--a")).doesNotExist();
        assertThat(migrated.file(".cache/models/models--acme--a")).doesNotExist();
        assertThat(migrated.file(".cache/mlx/hub/models--acme--b")).doesNotExist();
        assertThat(migrated.file(".cache/models--acme--c")).doesNotExist();
        assertThat(migrated.file(".cache")).isDirectory();
        assertThat(own).exists();
        assertThat(migrated.plan().oldPlaces()).isEmpty();
        nothingLeft();
    }

    @Test
    void declaredFilesInTheWrongOneOfTheCachesAreGathered() throws Exception {
        for (String name : List.of("whisper/net.pth", "huggingface/tiny.pt", "models/other.pth")) {
            Path file = migrated.file(".cache/" + name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }

        migrated.members("\"models\": [\"torch:https://h/net.pth\", \"torch:https://h/other.pth\"]")
                .lock(url("other.pth"))
                .run();

        assertThat(migrated.file(".cache/torch/hub/checkpoints/net.pth")).hasContent("whisper/net.pth");
        assertThat(migrated.file(".cache/whisper/net.pth")).doesNotExist();
        assertThat(migrated.file(".cache/models/other.pth"))
                .as("a locked model of a plain address")
                .exists();
        assertThat(migrated.file(".cache/huggingface/tiny.pt"))
                .as("no model of this project")
                .exists();
    }

    private static ResolvedModel url(String name) {
        ModelFile file = new ModelFile(name, 1, Optional.of(Digest.sha256("ab".repeat(32))), "https://h/" + name);
        return new ResolvedModel(
                ModelReference.parse("url:https://h/" + name),
                ModelRequest.PLAIN,
                "1",
                Optional.empty(),
                false,
                List.of(file));
    }

    @Test
    void ofALockedModelOnlyTheLockedFilesAreTaken() throws Exception {
        HubFixture home = new HubFixture(homeHub, "acme/a").large("a.bin", "weights");
        var locked = home.resolved();
        home.large("b.bin", "not locked").ref("main", OTHER);

        migrated.lock(locked).run();

        Path snapshot = migrated.hub().resolve("models--acme--a/snapshots/" + HubFixture.COMMIT);
        assertThat(snapshot.resolve("a.bin")).hasContent("weights");
        assertThat(snapshot.resolve("b.bin")).doesNotExist();
        assertThat(migrated.hub().resolve("models--acme--a/refs/main")).hasContent(HubFixture.COMMIT);
        nothingLeft();
    }

    @Test
    void aHomeCacheGoesWhenAskedTo() throws Exception {
        HubFixture wanted = repository(homeHub, "acme/a");
        HubFixture other = repository(homeHub, "acme/other");

        migrated.members("\"models\": [\"hf:acme/a\"]").keep(false).run();

        assertThat(wanted.folder()).doesNotExist();
        assertThat(other.file("a.bin")).exists();
        nothingLeft();
    }

    @Test
    void oldPlacesStayWhenAskedTo() throws Exception {
        repository(legacy, "acme/a");

        migrated.keep(true).run();

        assertThat(legacy.resolve("models--acme--a/snapshots/" + HubFixture.COMMIT + "/a.bin"))
                .hasContent("weights");
        assertThat(new HubFixture(migrated.hub(), "acme/a").file("a.bin")).hasContent("weights");
        nothingLeft();
    }

    @Test
    void whatProjectAndHomeHoldTwiceBecomesOneFile() throws Exception {
        HubFixture home = repository(homeHub, "acme/a");
        HubFixture own = repository(migrated.hub(), "acme/a");

        migrated.members("\"models\": [\"hf:acme/a\"]").run();

        assertThat(inode(own.blob("a.bin"))).isEqualTo(inode(home.blob("a.bin")));
        assertThat(migrated.freed()).isEqualTo(9);
        assertThat(own.file("a.bin")).hasContent("weights");
        nothingLeft();
    }

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
    void aDamagedContentOfTheSharedStoreKeepsWhatLeadsToIt() throws Exception {
        HubFixture shared = new HubFixture(legacy.resolve("hub"), "acme/a")
                .stored("a.bin", XET, "weights")
                .large("b.bin", "good")
                .ref("main", HubFixture.COMMIT);
        Files.writeString(shared.stored(XET), "WEIGHTS");

        migrated.run();

        assertThat(shared.blob("a.bin")).isSymbolicLink().hasContent("WEIGHTS");
        assertThat(shared.file("a.bin")).isSymbolicLink().hasContent("WEIGHTS");
        assertThat(migrated.plan().notes()).anyMatch(note -> note.contains("stays: it is damaged"));
    }

    @Test
    void contentsOfTheSharedStoreBecomeFreeWhenItGoes() throws Exception {
        repository(migrated.hub(), "acme/a");
        new HubFixture(legacy.resolve("hub"), "acme/a")
                .stored("a.bin", XET, "weights")
                .ref("main", HubFixture.COMMIT);

        migrated.look();

        assertThat(migrated.lines())
                .contains(
                        "delete shared/model-cache/hub/models--acme--a (0 B, stored twice)",
                        "delete shared/model-cache/hub/blobs (7 B, no repository needs it by then)");
    }

    @Test
    void aStoreThatARepositoryOfAnUnknownKindUsesStays() throws Exception {
        Path hub = legacy.resolve("hub");
        HubFixture shared =
                new HubFixture(hub, "acme/a").stored("a.bin", XET, "weights").ref("main", HubFixture.COMMIT);
        Path kernel = hub.resolve("kernels--acme--k/blobs/" + "c".repeat(64));
        link(kernel, Path.of("../../blobs").resolve(XET.substring(0, 2)).resolve(XET));

        migrated.run();

        assertThat(new HubFixture(migrated.hub(), "acme/a").file("a.bin")).hasContent("weights");
        assertThat(shared.folder()).doesNotExist();
        assertThat(kernel).isSymbolicLink().hasContent("weights");
        assertThat(migrated.plan().notes()).anyMatch(note -> note.contains("repositories that stay may need it"));
    }

    @Test
    void aStoreThatARepositoryOfAnUnknownKindUsesSinceThePlanStays() throws Exception {
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
    void anotherFileOfTheSameNameStays() throws Exception {
        write(legacy.resolve("torch/hub/checkpoints/net.pth"), "old");
        write(migrated.file(".cache/torch/hub/checkpoints/net.pth"), "new");

        migrated.run();

        assertThat(migrated.file(".cache/torch/hub/checkpoints/net.pth")).hasContent("new");
        assertThat(legacy.resolve("torch/hub/checkpoints/net.pth")).hasContent("old");
        assertThat(migrated.plan().notes()).anyMatch(note -> note.contains("nobody can tell which is right"));
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
    void aPlaceThatIsTheRootByALinkIsLeftAlone() throws Exception {
        HubFixture own = repository(migrated.hub(), "acme/a");
        Files.createDirectories(legacy.getParent());
        Files.createSymbolicLink(legacy, migrated.hub());

        assertThat(migrated.run().plan().isEmpty()).isTrue();
        assertThat(own.file("a.bin")).hasContent("weights");
    }

    @Test
    void whatTheProjectsCacheLinksToStays() throws Exception {
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
    void aLinkedFileStaysEvenIfItIsLinkedAfterThePlanWasMade() throws Exception {
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

    private static void link(Path link, Path to) throws IOException {
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, to);
    }

    @Test
    void aFileOfAModelMayBeNamedAsToolsNameTheirs() throws Exception {
        new HubFixture(legacy, "acme/a").real("version.txt", "1.2", true).real("a.bin", "weights", true);
        new HubFixture(migrated.hub(), "acme/a").real("a.bin", "weights", true);

        migrated.run();

        assertThat(new HubFixture(migrated.hub(), "acme/a").file("version.txt")).hasContent("1.2");
        nothingLeft();
    }

    @Test
    void whatNamesARevisionStaysWhileAFileOfItStays() throws Exception {
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
    void aModelThatCannotBeReadDoesNotKeepTheOthersFromComing() throws Exception {
        HubFixture bad = repository(legacy, "acme/a");
        repository(legacy, "acme/b");
        Path ref = bad.folder().resolve("refs/main");
        Files.setPosixFilePermissions(ref, Set.of());
        assumeTrue(!Files.isReadable(ref), "This user reads everything");

        migrated.run();

        assertThat(bad.file("a.bin")).hasContent("weights");
        assertThat(new HubFixture(migrated.hub(), "acme/b").file("a.bin")).hasContent("weights");
        assertThat(migrated.plan().notes()).anyMatch(note -> note.contains("stays: it can't be read"));
    }

    @Test
    void namesMayHoldNewlines() throws Exception {
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
    void whatChangesBetweenPlanAndRunStays() throws Exception {
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
                .anyMatch(line -> line.contains("models--acme--a stays") && line.contains("changed since"))
                .anyMatch(line -> line.contains("models--acme--b stays") && line.contains("not there any more"));
        assertThat(migrated.failures()).isEqualTo(2);
        assertThat(legacy).exists();
    }

    @Test
    void aRunningDownloadIsLeftAlone() throws Exception {
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
    void toAnotherDiskIsCopiedAndReadAgain() throws Exception {
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

    /** Like a signal: nothing is tidied up. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    @Test
    void aSourceIsUsableOrPlainlyGoneWhereverARunIsKilled() throws Exception {
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
    void aTorchFolderIsWholeOrPlainlyGoneWhereverARunIsKilled() throws Exception {
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
    void foldersThatAKilledRunHasEmptiedGo() throws Exception {
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

    private static List<Path> dangling(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> Files.isSymbolicLink(path) && !Files.exists(path))
                    .toList();
        }
    }

    @Test
    void aFlatCacheOfOldTransformersStaysAndIsExplained() throws Exception {
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
        assertThat(migrated.plan().twiceBytes()).isZero();
        assertThat(migrated.freed()).isZero();
        assertThat(own.file("a.bin")).hasContent("weights");
        assertThat(old.folder()).doesNotExist();
        nothingLeft();
    }

    @Test
    void whatASecondNameElsewhereKeepsIsNotCountedAsSaved() throws Exception {
        repository(migrated.hub(), "acme/a");
        HubFixture old = repository(legacy, "acme/a");
        Files.createLink(folder.resolve("elsewhere"), old.blob("a.bin"));

        migrated.run();

        assertThat(migrated.plan().twiceBytes()).isEqualTo("{}".length());
        assertThat(migrated.freed()).isEqualTo("{}".length());
        assertThat(folder.resolve("elsewhere")).hasContent("weights");
    }

    /** Every kind of thing to do at once. */
    static Migrated crowded(Path folder) throws Exception {
        Migrated migrated = new Migrated(folder);
        Path old = migrated.file("shared/model-cache");
        repository(old.resolve("huggingface/hub"), "acme/a");
        repository(migrated.file(".cache/huggingface"), "acme/a")
                .large("sub/more.bin", "more")
                .tree(Map.of());
        new HubFixture(old.resolve("hub"), "acme/b")
                .stored("a.bin", XET, "stored")
                .ref("main", HubFixture.COMMIT);
        repository(migrated.file(".cache/torch"), "acme/c").ref("v1", HubFixture.COMMIT + "\n");
        repository(migrated.home().resolve(".cache/huggingface/hub"), "acme/a");
        repository(migrated.home().resolve(".cache/huggingface/hub"), "acme/d");
        write(old.resolve("torch/hub/checkpoints/net.pth"), "net");
        write(old.resolve("torch/hub/acme_net_main/hubconf.py"), "1");
        write(migrated.home().resolve(".cache/torch/hub/acme_home_main/hubconf.py"), "2");
        write(migrated.home().resolve(".cache/torch/hub/acme_home_main/sub/x.py"), "3");
        return migrated.members("\"models\": [\"hf:acme/a\", \"hf:acme/d\", \"torchhub:acme/home\"]");
    }

    /** A second run has nothing more to do. */
    private void nothingLeft() throws Exception {
        assertThat(migrated.run().plan().actions()).isEmpty();
    }

    private static HubFixture repository(Path hub, String id) throws IOException {
        return new HubFixture(hub, id)
                .large("a.bin", "weights")
                .small("config.json", "{}")
                .ref("main", HubFixture.COMMIT);
    }

    private SortedMap<String, String> home() throws IOException {
        return TestProject.contents(migrated.home());
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
