package io.github.modelcache.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.Digest;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartialFilesTest {

    private static final Path FOLDER = Path.of("folder").toAbsolutePath();
    private static final Optional<Digest> DIGEST = Optional.of(Digest.sha256("ab".repeat(32)));

    private static Path beside(String name) {
        return PartialFiles.beside(FOLDER.resolve(name), "https://h/x", DIGEST);
    }

    @Test
    void aPartialFileHasAStableNameBesideItsTarget() {
        Path partial = beside("model.bin");
        assertThat(partial.getParent()).isEqualTo(FOLDER);
        assertThat(partial.getFileName().toString()).matches("\\.model\\.bin\\.[0-9a-f]{8}\\.partial");
        assertThat(beside("model.bin")).isEqualTo(partial);
    }

    @Test
    void anotherSourceOrContentHasAnotherName() {
        Path target = FOLDER.resolve("model.bin");
        assertThat(PartialFiles.beside(target, "https://h/y", DIGEST)).isNotEqualTo(beside("model.bin"));
        assertThat(PartialFiles.beside(target, "https://h/x", Optional.empty())).isNotEqualTo(beside("model.bin"));
    }

    @Test
    void aLongNameIsShortenedAndStaysUnique() {
        String common = "n".repeat(60);
        assertThat(beside(common).getFileName().toString()).startsWith("." + common + ".");
        Path cut = beside(common + "a");
        assertThat(cut.getFileName().toString()).startsWith("." + common + ".").hasSize(60 + 18);
        assertThat(cut).isNotEqualTo(beside(common + "b"));
    }

    @Test
    void noCharacterIsCutInTwo() {
        String odd = "n".repeat(59) + "😀".repeat(10);
        assertThat(beside(odd).getFileName().toString()).startsWith("." + "n".repeat(59) + ".");
        String even = "😀".repeat(40);
        assertThat(beside(even).getFileName().toString()).startsWith("." + "😀".repeat(30) + ".");
    }

    @Test
    void anUnsharedOneHasDigitsOfItsOwn() {
        Path partial = FOLDER.resolve(".model.bin.0123abcd.partial");
        Path one = PartialFiles.unshared(partial);
        assertThat(one.getFileName().toString()).matches("\\.model\\.bin\\.[0-9a-f]{8}\\.partial");
        assertThat(PartialFiles.unshared(partial)).isNotEqualTo(one);
        assertThat(PartialFiles.unshared(FOLDER.resolve("ab.0123abcd.incomplete"))
                        .getFileName()
                        .toString())
                .matches("ab\\.[0-9a-f]{8}\\.incomplete");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".m.bin.0123abcd.partial",
                ".m.bin.0123abcd.partial.etag",
                "abc.incomplete",
                "abc.0123abcd.incomplete.etag",
                "m.pth.0123456789abcdef0123456789abcdef.partial",
                "config.json.0123abcd.tmp",
                ".a\rb.0123abcd.partial",
                "a\nb.0123abcd.tmp"
            })
    void partialFilesOfThePluginAreRecognised(String name) {
        assertThat(PartialFiles.isPartial(FOLDER.resolve(name))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abab.part", // the hub's Rust client
                "abab.sync.part",
                "m.bin.0123abcd.partial", // rclone
                "m.bin.aria2",
                "m.gguf.crdownload", // browsers
                "m.gguf.opdownload",
                "m.gguf.part",
                "m.gguf.downloadInProgress", // llama.cpp
                "sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef-partial", // Ollama
                "sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef-partial-12"
            })
    void partialFilesOfOtherProgramsAreRecognised(String name) {
        assertThat(PartialFiles.isPartial(FOLDER.resolve(name))).isTrue();
        assertThat(PartialFiles.isPartial(FOLDER.resolve("models--a--b/snapshots/c/onnx/" + name)))
                .as("a name that a model's maker chose")
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "m.gguf.part1of2",
                "part",
                "m-partial-0.bin",
                "sha256-0123-partial",
                "download",
                "m.aria2.bin",
                ".m.bin.0123abcg.partial",
                ".0123abcd.partial",
                "partial",
                "m.etag",
                ".incomplete",
                "m.tmp",
                "m.pth.0123.partial",
                "m.bin"
            })
    void otherFilesAreNotPartial(String name) {
        assertThat(PartialFiles.isPartial(FOLDER.resolve(name))).isFalse();
    }

    @Test
    void unfinishedFilesOfAHubModelAreRecognised() {
        assertThat(PartialFiles.isUnfinished(FOLDER.resolve("abc.incomplete"))).isTrue();
        assertThat(PartialFiles.isUnfinished(FOLDER.resolve("abc.sync.part"))).isTrue();
        assertThat(PartialFiles.isUnfinished(FOLDER.resolve(".m.0123abcd.partial")))
                .isFalse();
        assertThat(PartialFiles.isUnfinished(FOLDER.resolve("abc.incomplete.txt")))
                .isFalse();
    }

    @Test
    void partialFoldersAreRecognised() {
        assertThat(PartialFiles.isPartialFolder(FOLDER.resolve(".a_b_main.0123abcd.partial")))
                .isTrue();
        assertThat(PartialFiles.isPartialFolder(FOLDER.resolve("a_b_main"))).isFalse();
    }

    @Test
    void aFolderThatIsBeingDeletedIsKnownByItsName() {
        Path leaving = PartialFiles.leaving(Path.of("hub/a_b_main"));
        assertThat(PartialFiles.isPartialFolder(leaving)).isTrue();
        assertThat(PartialFiles.left(leaving)).contains("a_b_main");
        assertThat(PartialFiles.left(PartialFiles.unshared(leaving))).isEmpty();
        assertThat(PartialFiles.left(Path.of("hub/a_b_main"))).isEmpty();
        assertThat(PartialFiles.left(PartialFiles.beside(Path.of("hub/a_b_main"), "x", Optional.empty())))
                .isEmpty();
        Path longer = PartialFiles.leaving(Path.of("hub/" + "a".repeat(100)));
        assertThat(PartialFiles.isPartialFolder(longer)).isTrue();
        assertThat(PartialFiles.left(longer)).isEmpty();
    }

    @Test
    void anotherNameIsUsedIfTheUsualOneBelongsToAnotherProgram(@TempDir Path folder) throws Exception {
        Path usual = folder.resolve(".m.bin.0123abcd.partial");
        assertThat(PartialFiles.writable(usual)).isEqualTo(usual);
        Files.writeString(usual, "half");
        assertThat(PartialFiles.writable(usual)).isEqualTo(usual);
        Path other = Files.createLink(folder.resolve("other"), usual);
        isAvoided(usual);
        assertThat(other).hasContent("half");
        Files.delete(usual);
        isAvoided(Files.createSymbolicLink(usual, other));
        Files.delete(usual);
        isAvoided(Files.createDirectory(usual));
    }

    private static void isAvoided(Path usual) throws Exception {
        Path chosen = PartialFiles.writable(usual);
        assertThat(chosen).isNotEqualTo(usual).doesNotExist();
        assertThat(chosen.getParent()).isEqualTo(usual.getParent());
        assertThat(PartialFiles.isPartial(chosen)).isTrue();
        assertThat(Files.exists(usual, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }
}
