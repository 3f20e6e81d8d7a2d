package io.github.modelcache.family.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.PartialFiles;
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
import org.junit.jupiter.api.io.TempDir;

class TorchHubLayoutTest {

    private static final Optional<Digest> DIGEST = Optional.of(Digest.sha256("ab".repeat(32)));
    private static final ModelFile ONE = new ModelFile("hubconf.py", 3, DIGEST, "https://h/z");
    private static final ModelFile TWO = new ModelFile("src/b.py", 4, DIGEST, "https://h/z");

    @TempDir
    Path folder;

    private Path root;
    private TorchHubLayout layout;

    @BeforeEach
    void name() {
        root = folder.resolve("hub");
        layout = new TorchHubLayout(root, folder.resolve("project"));
    }

    private static ResolvedModel model(String reference, String branch) {
        return new ResolvedModel(
                ModelReference.parse(reference),
                ModelRequest.PLAIN,
                "c0ffee",
                Optional.empty(),
                false,
                Optional.of(branch).filter(name -> !name.isEmpty()),
                List.of(ONE, TWO),
                List.of());
    }

    private static ResolvedModel model() {
        return model("torchhub:acme/tiny", "master");
    }

    private Path publish(ModelFile file, String content) throws IOException {
        Path partial = layout.partial(model(), file);
        Files.createDirectories(partial.getParent());
        Files.writeString(partial, content);
        return layout.publish(model(), file, partial);
    }

    @Test
    void allRefsOfARepositoryShareALock() {
        Path lock = layout.processLock(ModelReference.parse("torchhub:acme/tiny"));
        assertThat(lock.getParent()).isEqualTo(root.resolve(".locks"));
        assertThat(layout.processLock(ModelReference.parse("torchhub:acme/tiny@main")))
                .isEqualTo(lock);
        assertThat(layout.processLock(ModelReference.parse("torchhub:acme/tiny@v1/x@y")))
                .isEqualTo(lock);
        assertThat(layout.processLock(ModelReference.parse("torchhub:acme/small@main")))
                .isNotEqualTo(lock);
    }

    @Test
    void theFolderIsNamedAsTorchNamesIt() {
        assertThat(layout.root()).isEqualTo(root);
        assertThat(layout.folder(model())).isEqualTo(root.resolve("acme_tiny_master"));
        assertThat(layout.folder(model("torchhub:acme/tiny", ""))).isEqualTo(root.resolve("acme_tiny_main"));
        assertThat(layout.folder(model("torchhub:acme/tiny@v1/x", "master"))).isEqualTo(root.resolve("acme_tiny_v1_x"));
        assertThat(layout.file(model(), TWO)).isEqualTo(root.resolve("acme_tiny_master/src/b.py"));
        assertThatIllegalArgumentException().isThrownBy(() -> layout.folder(model("torchhub:acme/tiny", "../../x")));
    }

    @Test
    void theFolderAppearsWhenAllIsThere() throws IOException {
        Path first = publish(ONE, "one");
        assertThat(first).hasContent("one").isNotEqualTo(layout.file(model(), ONE));
        assertThat(layout.folder(model())).doesNotExist();
        publish(TWO, "two.");
        Files.writeString(first.resolveSibling("stranger"), "of an interrupted run");
        layout.complete(model());
        assertThat(layout.file(model(), ONE)).hasContent("one");
        assertThat(layout.file(model(), TWO)).hasContent("two.");
        assertThat(layout.folder(model()).resolve("stranger")).doesNotExist();
        assertThat(first.getParent()).doesNotExist();
        assertThat(layout.found()).containsOnlyKeys(ModelReference.parse("torchhub:acme/tiny@master"));
    }

    @Test
    void aModelThatLacksAFileIsNotShown() throws IOException {
        publish(ONE, "one");
        assertThatThrownBy(() -> layout.complete(model()))
                .hasMessageContaining("was deleted while files were added to it");
        publish(TWO, "tw");
        assertThatThrownBy(() -> layout.complete(model()))
                .hasMessageContaining("was deleted while files were added to it");
        assertThat(layout.folder(model())).doesNotExist();
    }

    @Test
    void whereAFolderIsThereFilesGoIntoIt() throws IOException {
        Path cached = layout.folder(model()).resolve("__pycache__");
        Files.createDirectories(cached);
        assertThat(publish(ONE, "one")).isEqualTo(layout.file(model(), ONE)).hasContent("one");
        layout.complete(model());
        assertThat(cached).exists();
    }

    @Test
    void aSecondBuildMergesCompleteFilesIntoTheFolderOfTheFirst() throws IOException {
        Path gathered = publish(ONE, "one");
        publish(TWO, "tw");
        Path torn = layout.file(model(), TWO);
        Files.createDirectories(torn.getParent());
        Files.writeString(torn, "theirs");
        layout.complete(model());
        assertThat(layout.file(model(), ONE)).hasContent("one");
        assertThat(torn).hasContent("theirs");
        assertThat(gathered.getParent()).doesNotExist();
    }

    @Test
    void anExistingFileIsNotChanged() throws IOException {
        publish(ONE, "one");
        Files.createDirectories(layout.folder(model()));
        Path theirs = Files.writeString(layout.file(model(), ONE), "one");
        Object before = Files.readAttributes(theirs, "unix:ino").get("ino");
        layout.complete(model());
        assertThat(Files.readAttributes(theirs, "unix:ino").get("ino")).isEqualTo(before);
    }

    @Test
    void findsRepositoriesAndNothingElse() throws IOException {
        assertThat(layout.found()).isEmpty();
        publish(ONE, "one");
        Files.createDirectories(root.resolve("acme_tiny_v1"));
        Files.createDirectories(root.resolve("checkpoints"));
        Files.createDirectories(root.resolve("mine"));
        Files.writeString(root.resolve("acme_file_v1"), "");
        assertThat(layout.found()).containsOnlyKeys(ModelReference.parse("torchhub:acme/tiny@v1"));
        assertThat(layout.kept()).containsExactly(root.resolve("trusted_list"));
    }

    private static Path gathering(TorchHubLayout layout, ResolvedModel model) {
        return layout.partial(model, ONE).resolveSibling(".").normalize();
    }

    @Test
    void eachProjectAndCommitHasItsOwnPartialFolder() {
        Path here = gathering(layout, model());
        TorchHubLayout other = new TorchHubLayout(root, folder.resolve("other"));
        assertThat(gathering(other, model())).isNotEqualTo(here);
        assertThat(gathering(layout, model().at("beef"))).isNotEqualTo(here);
        assertThat(here).hasParentRaw(root);
        assertThat(PartialFiles.isPartialFolder(here)).isTrue();
    }
}
