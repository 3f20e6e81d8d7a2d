package io.github.modelcache.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.TorchCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layouts that keep plain files, and what all layouts share. */
class PlainLayoutsTest {

    @TempDir
    Path root;

    private static ModelFile file(String path) {
        return new ModelFile(path, 1, Optional.empty(), "https://h/" + path);
    }

    private static ResolvedModel model(String reference, ModelFile... files) {
        return new ResolvedModel(
                ModelReference.parse(reference), ModelRequest.PLAIN, "1", Optional.empty(), false, List.of(files));
    }

    private SingleFolderLayout checkpoints() {
        return new SingleFolderLayout(
                root,
                name -> Optional.of(new ModelReference("torch", name)).filter(model -> name.endsWith(".pth")),
                TorchCheckpoint::certainPrefix);
    }

    @Test
    void anArtifactHasAFolderAndAUrlDoesNot() {
        CoordinateLayout flat = new CoordinateLayout(root);
        ResolvedModel artifact = model("maven:org.acme:m:jar:x:1.0", file("a/b.bin"));
        assertThat(flat.root()).isEqualTo(root);
        assertThat(flat.folder(artifact)).isEqualTo(root.resolve("org.acme/m/1.0-x"));
        assertThat(flat.place(artifact)).isEqualTo(root.resolve("org.acme/m/1.0-x"));
        assertThat(flat.file(artifact, file("a/b.bin"))).isEqualTo(root.resolve("org.acme/m/1.0-x/a/b.bin"));
        ResolvedModel address = model("url:https://h/x.onnx", file("h/x.onnx"));
        assertThat(flat.folder(address)).isEqualTo(root);
        assertThat(flat.place(address)).isEqualTo(root.resolve("h/x.onnx"));
        assertThat(flat.place(model("url:https://h/x.onnx"))).isEqualTo(root);
        assertThatIllegalArgumentException().isThrownBy(() -> flat.file(address, file("../x")));
    }

    @Test
    void byDefaultALayoutHasOnePlaceForAFileAndNoPointers() throws IOException {
        CoordinateLayout flat = new CoordinateLayout(root);
        ResolvedModel address = model("url:https://h/x.onnx", file("h/x.onnx"));
        Path partial = flat.partial(address, file("h/x.onnx"));
        assertThat(partial.getParent()).isEqualTo(root.resolve("h"));
        Files.createDirectories(root.resolve("h"));
        Files.writeString(partial, "x");
        assertThat(flat.publish(address, file("h/x.onnx"), partial))
                .isEqualTo(root.resolve("h/x.onnx"))
                .hasContent("x");
        assertThat(partial).doesNotExist();
        flat.complete(address);
        assertThat(flat.pointer(address)).isEmpty();
        assertThat(flat.content(address, file("h/x.onnx"))).isEmpty();
        assertThat(flat.isContent(root.resolve("h/x.onnx"))).isTrue();
        assertThat(flat.found()).isEmpty();
        assertThat(flat.units()).isEmpty();
        assertThat(flat.kept()).isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> flat.adopt(address, file("h/x.onnx")));
    }

    @Test
    void eachModelHasALockOfItsOwnBelowTheRoot() {
        CoordinateLayout flat = new CoordinateLayout(root);
        Path lock = flat.processLock(ModelReference.parse("url:https://h/x"));
        assertThat(lock.getParent()).isEqualTo(root.resolve(".locks"));
        assertThat(lock.getFileName().toString()).matches("[0-9a-f]{8}\\.lock");
        assertThat(flat.processLock(ModelReference.parse("url:https://h/y"))).isNotEqualTo(lock);
        assertThat(Layout.isLock(lock)).isTrue();
        assertThat(Layout.isLock(root.resolve(".locks/models--a--b/maven.lock")))
                .isTrue();
        assertThat(Layout.isLock(root.resolve(".locks/x/y/z.lock"))).isFalse();
        assertThat(Layout.isLock(root.resolve("poetry.lock"))).isFalse();
        assertThat(Layout.isLock(root.resolve(".locks/readme"))).isFalse();
    }

    @Test
    void modelsOfASingleFolderFollowFromFileNames() throws IOException {
        SingleFolderLayout layout = checkpoints();
        Path weights = Files.writeString(root.resolve("r-0676ba61.pth"), "w");
        Files.writeString(root.resolve("readme"), "");
        Files.writeString(root.resolve(".r.pth.01234567.partial"), "");
        Files.createDirectories(root.resolve("folder.pth"));
        ModelReference reference = ModelReference.parse("torch:r-0676ba61.pth");
        assertThat(layout.found()).containsOnlyKeys(reference).containsEntry(reference, weights);
        assertThat(layout.units()).singleElement().isEqualTo(DeletableUnit.of(reference, weights));
        assertThat(layout.model("r.pth")).contains(ModelReference.parse("torch:r.pth"));
        assertThat(layout.model("readme")).isEmpty();
        assertThat(layout.digestPrefix("r-0676ba61.pth")).contains("0676ba61");
        assertThat(new SingleFolderLayout(root, layout::model).digestPrefix("r-0676ba61.pth"))
                .isEmpty();
        assertThat(layout.root()).isEqualTo(root);
        assertThat(layout.folder(model("torch:x"))).isEqualTo(root);
        assertThat(layout.file(model("torch:x"), file("a.pth"))).isEqualTo(root.resolve("a.pth"));
        assertThat(new SingleFolderLayout(root.resolve("none"), layout::model).found())
                .isEmpty();
    }

    @Test
    void aHoldingIsOneFileOrOneFolder() {
        ModelReference reference = ModelReference.parse("torch:x");
        DeletableUnit known = DeletableUnit.of(reference, root);
        assertThat(known.model()).contains(reference);
        assertThat(known.parts()).containsExactly(root);
        assertThat(known.place()).isEqualTo(root);
        DeletableUnit unknown = DeletableUnit.unknown(root);
        assertThat(unknown.model()).isEmpty();
        assertThat(unknown.parts()).containsExactly(root);
        assertThat(unknown.place()).isEqualTo(root);
    }

    @Test
    void theTagIsWrittenOnceAndNeverReplaced() throws IOException {
        CacheDirTag tag = new CacheDirTag(root);
        tag.write();
        assertThat(tag.file()).isEqualTo(root.resolve("CACHEDIR.TAG")).hasContent(CacheDirTag.TEXT.strip());
        Files.writeString(tag.file(), "theirs");
        tag.write();
        assertThat(tag.file()).hasContent("theirs");
    }

    @Test
    void placeholderFilesAreRecognised() {
        assertThat(FolderKeepers.is(".gitkeep")).isTrue();
        assertThat(FolderKeepers.is(root.resolve("CACHEDIR.TAG"))).isTrue();
        assertThat(FolderKeepers.is("model.bin")).isFalse();
        assertThat(FolderKeepers.is(root.resolve("a"))).isFalse();
        assertThat(PlatformFiles.is("Thumbs.DB")).isTrue();
        assertThat(PlatformFiles.is("._model.bin")).isTrue();
        assertThat(PlatformFiles.is("version.txt")).isTrue();
        assertThat(PlatformFiles.is("model.bin")).isFalse();
    }

    @Test
    void aListingIsSorted() throws IOException {
        for (String name : List.of("c", "a", "b")) {
            Files.writeString(root.resolve(name), "");
        }
        assertThat(FolderListing.of(root)).containsExactly(root.resolve("a"), root.resolve("b"), root.resolve("c"));
    }
}
