package io.github.modelcache.migrate.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.testing.HubFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class MigrationTest extends MigrationCase {

    @Test
    void nothingScatteredIsNothingToDo() throws Exception {
        new HubFixture(migrated.hub(), "acme/a").large("a.bin", "a").ref("main", HubFixture.COMMIT);

        assertThat(migrated.run().plan().isEmpty()).isTrue();
        assertThat(migrated.plan().notes()).isEmpty();
    }

    @Test
    void aLegacyRepositoryIsRenamedAndItsFolderDeleted() throws Exception {
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
                        "delete shared/model-cache (0 B, empty then)");
        assertThat(plan.duplicateBytes()).isEqualTo(9);
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
    void theLockFileDecidesTheCommitOfABranch() throws Exception {
        new HubFixture(migrated.hub(), "acme/a").ref("main", OTHER);
        HubFixture split = repository(migrated.file(".cache/huggingface"), "acme/a");

        migrated.lock(split.resolved()).run();

        assertThat(migrated.hub().resolve("models--acme--a/refs/main")).hasContent(HubFixture.COMMIT);
        nothingLeft();
    }

    @Test
    void onlyDeclaredModelsOfAHomeCacheAreImportedAndTheyAreKeptThere() throws Exception {
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
    void undeclaredModelsOfAHomeCacheAreMentioned() throws Exception {
        repository(homeHub, "acme/a");
        for (String name : List.of("b", "c", "d", "e")) {
            repository(homeHub, "acme/" + name);
        }

        MigrationPlan plan = migrated.members("\"models\": [\"hf:acme/a\"]").look();

        assertThat(plan.undeclared())
                .containsExactly(
                        homeHub + " holds hf:acme/b, hf:acme/c, hf:acme/d and 1 more, which this project does not"
                                + " declare. To import one, add it to cache.models and run mvn cache:migrate again");
    }

    @Test
    void repositoriesInTheWrongCacheAreImported() throws Exception {
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
    void declaredFilesInTheWrongCacheAreImported() throws Exception {
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
    void aHomeCacheIsDeletedOnRequest() throws Exception {
        HubFixture wanted = repository(homeHub, "acme/a");
        HubFixture other = repository(homeHub, "acme/other");

        migrated.members("\"models\": [\"hf:acme/a\"]").keep(false).run();

        assertThat(wanted.folder()).doesNotExist();
        assertThat(other.file("a.bin")).exists();
        nothingLeft();
    }

    @Test
    void oldFoldersAreKeptOnRequest() throws Exception {
        repository(legacy, "acme/a");

        migrated.keep(true).run();

        assertThat(legacy.resolve("models--acme--a/snapshots/" + HubFixture.COMMIT + "/a.bin"))
                .hasContent("weights");
        assertThat(new HubFixture(migrated.hub(), "acme/a").file("a.bin")).hasContent("weights");
        nothingLeft();
    }

    @Test
    void duplicatesInProjectAndHomeBecomeOneFile() throws Exception {
        HubFixture home = repository(homeHub, "acme/a");
        HubFixture own = repository(migrated.hub(), "acme/a");

        migrated.members("\"models\": [\"hf:acme/a\"]").run();

        assertThat(inode(own.blob("a.bin"))).isEqualTo(inode(home.blob("a.bin")));
        assertThat(migrated.freed()).isEqualTo(9);
        assertThat(own.file("a.bin")).hasContent("weights");
        nothingLeft();
    }
}
