package io.github.modelcache.family.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.family.RevisionPointer;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(OS.WINDOWS)
class HubLayoutTest {

    private static final ModelReference REFERENCE = ModelReference.parse("hf:acme/tiny");
    private static final String COMMIT = "0123456789".repeat(4);
    private static final Digest SHA256 = Digest.sha256("ab".repeat(32));
    private static final ModelFile FILE = new ModelFile("onnx/a.bin", 5, Optional.of(SHA256), "https://h/a.bin");
    private static final ModelFile SMALL = new ModelFile(
            "config.json",
            2,
            Optional.of(new Digest(DigestAlgorithm.GIT_SHA1, "cd".repeat(20))),
            "https://h/config.json");

    @TempDir
    Path folder;

    private Path root;
    private Path repository;
    private HubLayout layout;

    @BeforeEach
    void name() {
        root = folder.resolve("hub");
        repository = root.resolve("models--acme--tiny");
        layout = new HubLayout(root);
    }

    private static ResolvedModel at(String revision, ModelRequest request) {
        return new ResolvedModel(REFERENCE, request, revision, Optional.empty(), false, List.of(FILE, SMALL));
    }

    private static ResolvedModel model() {
        return at(COMMIT, ModelRequest.PLAIN);
    }

    private static ModelRequest asked(String revision, List<String> include, List<String> exclude) {
        return new ModelRequest(Optional.of(revision), include, exclude, Optional.empty());
    }

    private Path arrived(String content) throws IOException {
        Files.createDirectories(repository.resolve("blobs"));
        return Files.writeString(repository.resolve("blobs/arrived"), content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../outside", "..", "/outside", "a/b", ""})
    void aRevisionThatIsNoFolderLeadsNowhere(String revision) {
        ResolvedModel model = at(revision, ModelRequest.PLAIN);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layout.file(model, FILE))
                .withMessageContaining("no commit");
        assertThatIllegalArgumentException().isThrownBy(() -> layout.place(model));
        assertThatIllegalArgumentException().isThrownBy(() -> layout.complete(model));
    }

    @Test
    void plainFilesAreHardLinksOfBlobsIfLinksAreOff() throws IOException {
        ModelRequest request = new ModelRequest(
                Optional.empty(), List.of(), List.of(), Optional.empty(), Optional.empty(), Optional.of(false));
        layout.publish(model(), FILE, arrived("bytes"));
        assertThat(layout.isArranged(at(COMMIT, request))).isFalse();
        layout.complete(at(COMMIT, request));
        Path file = layout.file(model(), FILE);
        assertThat(Files.isSymbolicLink(file)).isFalse();
        assertThat(Files.isSameFile(file, repository.resolve("blobs/" + SHA256.hex())))
                .isTrue();
        assertThat(layout.isArranged(at(COMMIT, request))).isTrue();
        layout.publish(at(COMMIT, request), SMALL, arrived("{}"));
        assertThat(Files.isSymbolicLink(layout.file(model(), SMALL))).isFalse();
    }

    @Test
    void keepsPlainFilesOfAnOnnxModelWithExternalData() {
        ModelFile data = new ModelFile("onnx/model.onnx_data", 5, Optional.of(SHA256), "https://h/d");
        ResolvedModel external = model().withFiles(List.of(FILE, data));
        assertThat(new PlainFileRule().applies(external)).isTrue();
        assertThat(new PlainFileRule().applies(model())).isFalse();
    }

    @Test
    void pathsFollowFromNames() {
        Path snapshot = repository.resolve("snapshots").resolve(COMMIT);
        assertThat(layout.root()).isEqualTo(root);
        assertThat(layout.folder(model())).isEqualTo(repository);
        assertThat(layout.place(model())).isEqualTo(snapshot);
        assertThat(layout.file(model(), FILE)).isEqualTo(snapshot.resolve("onnx/a.bin"));
        assertThat(layout.content(model(), FILE)).contains(repository.resolve("blobs/" + SHA256.hex()));
        assertThat(layout.processLock(REFERENCE)).isEqualTo(root.resolve(".locks/models--acme--tiny/maven.lock"));
        Path partial = layout.partial(model(), FILE);
        assertThat(partial.getParent()).isEqualTo(repository.resolve("blobs"));
        assertThat(partial.getFileName().toString()).matches(SHA256.hex() + "\\.[0-9a-f]{8}\\.incomplete");
    }

    @Test
    void aFileWithoutADigestHasNoBlob() {
        ModelFile unknown = new ModelFile("a.bin", 5, Optional.empty(), "https://h/a.bin");
        assertThat(layout.content(model(), unknown)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layout.partial(model(), unknown))
                .withMessageContaining("a.bin has no digest");
    }

    @Test
    void publishesABlobAndARelativeLinkToIt() throws IOException {
        Path file = layout.publish(model(), FILE, arrived("bytes"));
        assertThat(file).isEqualTo(layout.file(model(), FILE)).hasContent("bytes");
        assertThat(Files.readSymbolicLink(file)).isEqualTo(Path.of("../../../blobs", SHA256.hex()));
        assertThat(repository.resolve("blobs/" + SHA256.hex())).isRegularFile();
        assertThat(repository.resolve("blobs/arrived")).doesNotExist();
        Path moved = Files.move(root, folder.resolve("moved"));
        assertThat(moved.resolve(root.relativize(file))).hasContent("bytes");
        try (var entries = Files.list(moved)) {
            assertThat(entries.map(path -> path.getFileName().toString())).containsExactly("models--acme--tiny");
        }
    }

    @Test
    void replacesALinkOrAFileThatIsInTheWay() throws IOException {
        Path file = layout.file(model(), FILE);
        Path precious = Files.writeString(folder.resolve("precious"), "mine");
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file, precious);
        layout.publish(model(), FILE, arrived("bytes"));
        assertThat(file).hasContent("bytes");
        assertThat(precious).hasContent("mine");
        Files.delete(file);
        Files.writeString(file, "old");
        layout.adopt(model(), FILE);
        assertThat(file).isSymbolicLink().hasContent("bytes");
        layout.adopt(model(), FILE);
        assertThat(file).hasContent("bytes");
        try (var entries = Files.list(file.getParent())) {
            assertThat(entries).containsExactly(file);
        }
    }

    @Test
    void aCompleteModelGetsAFileListATagAndARef() throws IOException {
        layout.complete(model());
        assertThat(root.resolve("CACHEDIR.TAG")).exists();
        assertThat(repository.resolve("refs/main")).hasContent(COMMIT);
        Path tree = repository.resolve("trees/" + COMMIT + ".json");
        assertThat(tree).content().isEqualTo(HubTree.text(model().files()));
        Files.writeString(tree, "of others");
        Files.writeString(repository.resolve("refs/main"), "elsewhere");
        layout.complete(model());
        assertThat(tree).hasContent("of others");
        assertThat(repository.resolve("refs/main")).hasContent(COMMIT);
    }

    @Test
    void aPartOfAModelGetsNoFileList() throws IOException {
        layout.complete(at(COMMIT, asked("v1", List.of("*.bin"), List.of())));
        layout.complete(at(COMMIT, asked("v2", List.of(), List.of("*.md"))));
        assertThat(repository.resolve("trees")).doesNotExist();
        assertThat(repository.resolve("refs/v1")).hasContent(COMMIT);
        assertThat(repository.resolve("refs/v2")).hasContent(COMMIT);
    }

    @Test
    void aDeclaredCommitHasNoRef() throws IOException {
        ResolvedModel model = at(COMMIT, asked(COMMIT, List.of(), List.of()));
        assertThat(layout.pointer(model)).isEmpty();
        layout.complete(model);
        assertThat(repository.resolve("refs")).doesNotExist();
    }

    @Test
    void theRefIsComparedWithTheRevision() throws IOException {
        assertThat(layout.pointer(model()).orElseThrow().right()).isFalse();
        layout.complete(model());
        RevisionPointer pointer = layout.pointer(model()).orElseThrow();
        assertThat(pointer.right()).isTrue();
        assertThat(pointer.name()).isEqualTo("main");
        Files.writeString(pointer.file(), COMMIT + "\n");
        assertThat(layout.pointer(model()).orElseThrow().right()).isFalse();
    }

    @Test
    void aRefOfAnyLengthIsReadAsFarAsItMatters() throws IOException {
        Path ref = Files.writeString(folder.resolve("ref"), "a".repeat(1000));
        assertThat(RefFile.content(ref)).contains("a".repeat(200));
        assertThat(RefFile.content(folder)).isEmpty();
        assertThat(RefFile.content(folder.resolve("none"))).isEmpty();
    }

    @Test
    void findsTheRepositoriesThatLieThere() throws IOException {
        assertThat(layout.found()).isEmpty();
        Files.createDirectories(repository);
        Files.createDirectories(root.resolve("datasets--acme--words"));
        Files.createDirectories(root.resolve("mine"));
        Files.createDirectories(root.resolve("models--"));
        assertThat(layout.found())
                .containsOnlyKeys(REFERENCE, ModelReference.parse("hf:datasets/acme/words"))
                .containsEntry(REFERENCE, repository);
    }

    @Test
    void aRevisionListsItsPartsInTheOrderOfDeletion() throws IOException {
        String other = "f".repeat(40);
        Files.createDirectories(repository.resolve("snapshots").resolve(COMMIT));
        Files.createDirectories(repository.resolve("snapshots").resolve(other));
        Files.writeString(repository.resolve("snapshots/.DS_Store"), "");
        Files.createDirectories(repository.resolve("refs/pr"));
        Files.writeString(repository.resolve("refs/main"), COMMIT + "\n");
        Files.writeString(repository.resolve("refs/pr/1"), COMMIT);
        Files.writeString(repository.resolve("refs/v1"), other);
        Files.createSymbolicLink(repository.resolve("refs/link"), repository.resolve("refs/main"));
        assertThat(layout.units())
                .extracting(DeletableUnit::revision)
                .containsExactly(Optional.of(COMMIT), Optional.of(other));
        DeletableUnit holding = layout.units().get(0);
        Path snapshot = repository.resolve("snapshots").resolve(COMMIT);
        assertThat(holding.model()).contains(REFERENCE);
        assertThat(holding.place()).isEqualTo(snapshot);
        assertThat(holding.repository()).contains(repository);
        assertThat(holding.parts())
                .containsExactly(
                        repository.resolve("refs/main"),
                        repository.resolve("refs/pr/1"),
                        snapshot,
                        repository.resolve("trees/" + COMMIT + ".json"),
                        repository.resolve(".no_exist").resolve(COMMIT));
    }

    @Test
    void aRepositoryWithoutARevisionIsOneHolding() throws IOException {
        Files.createDirectories(repository.resolve("blobs"));
        Files.createSymbolicLink(root.resolve("models--acme--linked"), repository);
        assertThat(layout.units()).singleElement().satisfies(holding -> {
            assertThat(holding.revision()).isEmpty();
            assertThat(holding.place()).isEqualTo(repository);
            assertThat(holding.parts()).isEmpty();
            assertThat(holding.repository()).contains(repository);
        });
    }

    @Test
    void keepsTheStoreAndTheLogin() {
        assertThat(layout.kept())
                .containsExactly(
                        root.resolve("blobs"),
                        folder.resolve("token"),
                        folder.resolve("stored_tokens"),
                        folder.resolve("stored_tokens.lock"));
    }

    @Test
    void onlyBlobsAndFilesOfSnapshotsAreContents() {
        Path snapshot = repository.resolve("snapshots").resolve(COMMIT);
        assertThat(layout.isContent(repository.resolve("blobs/" + SHA256.hex())))
                .isTrue();
        assertThat(layout.isContent(snapshot.resolve("onnx/a.bin"))).isTrue();
        assertThat(layout.isContent(repository.resolve("refs/main"))).isFalse();
        assertThat(layout.isContent(repository.resolve("trees/x.json"))).isFalse();
        assertThat(layout.isContent(root.resolve("blobs/ab/x"))).isFalse();
        assertThat(layout.isContent(repository.resolve("blobs/ab.incomplete"))).isFalse();
        assertThat(layout.isContent(snapshot.resolve("desktop.ini"))).isFalse();
        assertThat(layout.isContent(Path.of("x"))).isFalse();
    }

    @Test
    void withoutARevisionMainIsMeant() {
        assertThat(HubPlaces.revision(ModelRequest.PLAIN)).isEqualTo("main");
        assertThat(HubPlaces.revision(asked("v1", List.of(), List.of()))).isEqualTo("v1");
    }
}
