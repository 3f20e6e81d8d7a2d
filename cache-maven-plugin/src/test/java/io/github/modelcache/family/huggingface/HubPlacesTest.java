package io.github.modelcache.family.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.model.ModelReference;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HubPlacesTest {

    private static final Path HUB = Path.of("/cache/hub");
    private static final Path REPO = HUB.resolve("models--acme--tiny");
    private static final String COMMIT = "0123456789".repeat(4);

    private final HubPlaces places = new HubPlaces(HUB);

    @Test
    void theKindOfAFolderFollowsFromItsPath() {
        assertThat(kind("blobs")).isEqualTo(HubPlaces.Kind.BLOBS);
        assertThat(kind("refs")).isEqualTo(HubPlaces.Kind.REFS);
        assertThat(kind("refs/refs/pr")).isEqualTo(HubPlaces.Kind.REFS);
        assertThat(kind("trees")).isEqualTo(HubPlaces.Kind.TREES);
        assertThat(kind("snapshots/" + COMMIT)).isEqualTo(HubPlaces.Kind.SNAPSHOT);
        assertThat(kind("snapshots/" + COMMIT + "/onnx/blobs")).isEqualTo(HubPlaces.Kind.SNAPSHOT);
    }

    @Test
    void onlyFoldersThatBeginWithATypeAreRepositories() {
        assertThat(HubPlaces.reference(HUB.resolve("acme--tiny"))).isEmpty();
        assertThat(HubPlaces.reference(HUB.resolve("datasets--acme--tiny")))
                .contains(ModelReference.parse("hf:datasets/acme/tiny"));
    }

    @Test
    void otherFoldersHaveNoKind() {
        for (String name : new String[] {"", "snapshots", "blobs/aa", "trees/x"}) {
            assertThat(kind(name)).as(name).isEqualTo(HubPlaces.Kind.OTHER);
        }
        assertThat(places.of(HUB).kind()).isEqualTo(HubPlaces.Kind.OTHER);
        assertThat(places.of(HUB.resolve(".locks/models--acme--tiny")).kind()).isEqualTo(HubPlaces.Kind.OTHER);
        assertThat(places.of(HUB.resolve("mine/blobs")).kind()).isEqualTo(HubPlaces.Kind.OTHER);
    }

    @Test
    void theSharedStoreIsNotARepository() {
        assertThat(places.of(HUB.resolve("blobs")).kind()).isEqualTo(HubPlaces.Kind.STORE);
        assertThat(places.of(HUB.resolve("blobs/ab")).kind()).isEqualTo(HubPlaces.Kind.STORE);
        assertThat(places.of(REPO.resolve("blobs")).repository()).isEqualTo(REPO);
    }

    @Test
    void theAlgorithmFollowsFromTheNumberOfDigits() {
        assertThat(HubPlaces.algorithm("a".repeat(64))).contains(DigestAlgorithm.SHA256);
        assertThat(HubPlaces.algorithm("a".repeat(40))).contains(DigestAlgorithm.GIT_SHA1);
        for (String name :
                new String[] {"a".repeat(32), "A".repeat(40), "g".repeat(64), "", "a".repeat(40) + "-gzip"}) {
            assertThat(HubPlaces.algorithm(name)).as(name).isEmpty();
        }
    }

    @Test
    void keepsRefsBelowTheirFolder() {
        assertThat(HubPlaces.ref(REPO, "refs/pr/1")).contains(REPO.resolve("refs/refs/pr/1"));
        assertThat(HubPlaces.ref(REPO, COMMIT)).isEmpty();
        assertThat(HubPlaces.ref(REPO, "../../x")).isEmpty();
    }

    @Test
    void namesTheModelOfARepository() {
        assertThat(HubPlaces.reference(REPO)).contains(ModelReference.parse("hf:acme/tiny"));
        assertThat(HubPlaces.reference(HUB.resolve("datasets--acme--words")))
                .contains(ModelReference.parse("hf:datasets/acme/words"));
        assertThat(HubPlaces.reference(HUB.resolve("models--gpt2"))).contains(ModelReference.parse("hf:gpt2"));
        assertThat(HubPlaces.reference(HUB.resolve("mine"))).isEmpty();
    }

    @Test
    void aFileBelongsToARepositoryAndASnapshot() {
        Path snapshot = REPO.resolve("snapshots").resolve(COMMIT);
        Path file = snapshot.resolve("onnx/a.bin");
        assertThat(places.root()).isEqualTo(HUB);
        assertThat(places.hold(file)).isTrue();
        assertThat(places.hold(Path.of("/cache/other"))).isFalse();
        assertThat(places.repositoryOf(file)).isEqualTo(REPO);
        assertThat(places.snapshotOf(file)).isEqualTo(snapshot);
        assertThat(HubPlaces.nameIn(snapshot, file)).isEqualTo("onnx/a.bin");
    }

    @Test
    void refsAndSnapshotsAreDeletedFirst() {
        assertThat(HubPlaces.notes(REPO))
                .containsExactly(
                        REPO.resolve("refs"),
                        REPO.resolve("snapshots"),
                        REPO.resolve("trees"),
                        REPO.resolve(".no_exist"));
    }

    private HubPlaces.Kind kind(String below) {
        return places.of(REPO.resolve(below)).kind();
    }
}
