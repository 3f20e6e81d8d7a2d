package io.github.modelcache.family.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.model.ModelReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What transformers up to 4.21 kept. */
public class FlatTransformersCacheTest {

    @TempDir
    Path folder;

    /** Writes a file as those versions did: its content, the note on its address, and its lock. */
    public static void fill(Path folder, String address, String content) throws IOException {
        Files.createDirectories(folder);
        String etag = "\"1a2b3c\"";
        String name = sha256(address) + "." + sha256(etag);
        Files.writeString(folder.resolve(name), content);
        Files.writeString(
                folder.resolve(name + ".json"),
                "{\"url\": \"" + address + "\", \"etag\": \"" + etag.replace("\"", "\\\"") + "\"}");
        Files.createFile(folder.resolve(name + ".lock"));
    }

    private static String sha256(String text) {
        return Hashing.digest(text.getBytes(StandardCharsets.UTF_8), DigestAlgorithm.SHA256)
                .hex();
    }

    @Test
    void isKnownByItsNamesAndNotes() throws Exception {
        fill(folder, "https://huggingface.co/acme/tiny/resolve/main/pytorch_model.bin", "weights");
        fill(folder, "https://huggingface.co/gpt2/resolve/main/config.json", "{}");
        fill(folder, "https://cdn.example.org/old/vocab.txt", "v");

        FlatTransformersCache found = FlatTransformersCache.find(folder).orElseThrow();

        assertThat(found.files()).hasSize(9);
        assertThat(found.models())
                .containsExactly(ModelReference.parse("hf:acme/tiny"), ModelReference.parse("hf:gpt2"));
        assertThat(found.bytes()).isGreaterThan(10);
        assertThat(found.alone()).isTrue();
        assertThat(found.command()).isEqualTo("rm -r '" + folder + "'");
    }

    @Test
    void onlyItsOwnFilesAreDeletable() throws Exception {
        fill(folder, "https://huggingface.co/acme/tiny/resolve/main/pytorch_model.bin", "weights");
        Files.createDirectory(folder.resolve("hub"));

        assertThat(FlatTransformersCache.find(folder).orElseThrow().command())
                .startsWith("delete the 3 files in " + folder);
    }

    @Test
    void otherFoldersAreNotFlatCaches() throws Exception {
        assertThat(FlatTransformersCache.find(folder.resolve("missing"))).isEmpty();
        assertThat(FlatTransformersCache.find(folder)).isEmpty();
        Files.writeString(folder.resolve("a".repeat(64)), "blob");
        Files.writeString(folder.resolve("b".repeat(64) + ".json"), "not what it seems");
        assertThat(FlatTransformersCache.find(folder)).isEmpty();
    }
}
