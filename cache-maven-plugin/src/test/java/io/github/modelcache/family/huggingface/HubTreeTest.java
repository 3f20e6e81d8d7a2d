package io.github.modelcache.family.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubTreeTest {

    private static final Digest LARGE = Digest.sha256("ab".repeat(32));
    private static final Digest SMALL = new Digest(DigestAlgorithm.GIT_SHA1, "cd".repeat(20));

    @TempDir
    Path folder;

    private final List<HubTree.Entry> entries = new ArrayList<>();

    private Optional<String> read(String text) throws IOException {
        return HubTree.read(Files.writeString(folder.resolve("tree.json"), text), entries::add);
    }

    @Test
    void aWrittenListIsReadSortedByPath() throws IOException {
        List<ModelFile> files = List.of(
                new ModelFile("m.bin", 5, Optional.of(LARGE), "https://h/m"),
                new ModelFile("a \"b\".json", 0, Optional.of(SMALL), "https://h/a"));
        assertThat(read(HubTree.text(files))).isEmpty();
        assertThat(entries)
                .containsExactly(
                        new HubTree.Entry("a \"b\".json", 0, Optional.of(SMALL)),
                        new HubTree.Entry("m.bin", 5, Optional.of(LARGE)));
    }

    /** The pointer's name was computed by git itself: printf 'version …' | git hash-object --stdin. */
    @Test
    void writesAsTheHubsClientDoes() {
        List<ModelFile> files = List.of(
                new ModelFile("a.json", 3, Optional.of(SMALL), "https://h/a"),
                new ModelFile("m.bin", 5, Optional.of(LARGE), "https://h/m"));
        assertThat(HubTree.text(files)).isEqualTo("""
            {
             "files": {
              "a.json": {
               "blob_id": "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
               "size": 3
              },
              "m.bin": {
               "blob_id": "08e7bff964f6f89a9abda6315a1c790917689ad3",
               "lfs_sha256": "abababababababababababababababababababababababababababababababab",
               "lfs_size": 5,
               "size": 5
              }
             },
             "format_version": 1
            }\
            """);
        assertThat(HubTree.text(List.of())).isEqualTo("{\n \"files\": {},\n \"format_version\": 1\n}");
    }

    @Test
    void aLargeFileHasTheSizeAndDigestOfItsContentNotOfItsPointer() throws IOException {
        String pointer = "\"size\": 130, \"blob_id\": \"" + SMALL.hex() + "\"";
        String content = "\"lfs_sha256\": \"" + LARGE.hex() + "\"";
        assertThat(read("{\"files\": {\"m\": {" + pointer + ", " + content + ", \"lfs_size\": 5}, \"n\": {" + pointer
                        + ", " + content + "}, \"o\": {\"lfs_size\": 0, " + content
                        + "}, \"p\": {}}, \"format_version\": 1}"))
                .isEmpty();
        assertThat(entries)
                .containsExactly(
                        new HubTree.Entry("m", 5, Optional.of(LARGE)),
                        new HubTree.Entry("n", 130, Optional.of(LARGE)),
                        new HubTree.Entry("o", 0, Optional.of(LARGE)),
                        new HubTree.Entry("p", -1, Optional.empty()));
    }

    @Test
    void unknownMembersAreIgnored() throws IOException {
        assertThat(read("{\"x\": [{}], \"files\": {\"a\": {\"size\": \"1\", \"blob_id\": 7, \"lfs_size\": null,"
                        + " \"lfs_sha256\": [\"x\"], \"more\": {\"size\": 4}}}, \"format_version\": 1, \"y\": \"z\"}"))
                .isEmpty();
        assertThat(entries).containsExactly(new HubTree.Entry("a", -1, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "0", "\"1\"", "null", "1.0"})
    void aListOfAnotherFormatHasNoEntries(String version) throws IOException {
        assertThat(read("{\"files\": {\"a\": {}}, \"format_version\": " + version + "}"))
                .isEmpty();
        assertThat(entries).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"files\": []}",
                "{\"files\": {\"a\": 1}}",
                "{\"files\": {\"../a\": {}}}",
                "{\"files\": {\"a\": {\"blob_id\": \"xyz\"}}}",
                "{\"files\": {\"a\": {\"size\": 99999999999999999999}}}",
                "{\"files\": {\"a\": {\"size\": -1}}}",
                "{\"files\": {\"a\": {\"lfs_size\": -3}}}",
                "{\"format_version\": 1, \"files\": {\"a\": {}, "
            })
    void nothingIsShownOfAListThatIsBrokenAnywhere(String text) throws IOException {
        assertThat(read(text)).hasValueSatisfying(why -> assertThat(why).isNotBlank());
        assertThat(entries).isEmpty();
    }

    @Test
    void anotherEncodingIsRejected() throws IOException {
        for (byte[] other : new byte[][] {
            {0, 0, 0, '{', 0x7f, 0, 0, 0}, {0, 'b', 0, 'c'}, {0, 0, '{', 0}, {'{', 0, '}', 0}, {(byte) 0xff}
        }) {
            assertThat(HubTree.read(Files.write(folder.resolve("tree.json"), other), entries::add))
                    .hasValueSatisfying(why -> assertThat(why).startsWith("line 1: "));
        }
    }

    @Test
    void aByteOrderMarkIsAccepted() throws IOException {
        assertThat(read("\ufeff{\"files\": {\"a\": {}}, \"format_version\": 1}"))
                .isEmpty();
        assertThat(entries).hasSize(1);
    }

    @Test
    void saysWhichFileCannotHaveItsSize() throws IOException {
        assertThat(read("{\"files\": {\"a\": {\"size\": 1}, \"b\": {\"size\": -3}}}"))
                .hasValue("the file 'b' cannot have a size of -3 bytes");
    }

    @Test
    void saysOnWhichLineItIsBroken() throws IOException {
        assertThat(read("{\n\"files\": {\n]"))
                .hasValueSatisfying(why -> assertThat(why).startsWith("line 3: "));
    }

    @Test
    void aMissingListIsNotReportedAsBroken() {
        assertThatThrownBy(() -> HubTree.read(folder.resolve("none"), entries::add))
                .isInstanceOf(NoSuchFileException.class);
    }
}
