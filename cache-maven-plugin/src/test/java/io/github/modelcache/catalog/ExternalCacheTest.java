package io.github.modelcache.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.catalog.ExternalCache.Kind;
import io.github.modelcache.family.Layout;
import io.github.modelcache.model.ModelReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalCacheTest {

    @TempDir
    Path folder;

    private ExternalCache place(Kind kind) {
        return new ExternalCache(folder, kind, false, "a place");
    }

    private List<Path> of(Kind kind, String reference) {
        return place(kind).of(ModelReference.parse(reference));
    }

    @Test
    void knowsWhereAModelWouldLie() {
        assertThat(of(Kind.HUB, "hf:acme/tiny")).containsExactly(folder.resolve("models--acme--tiny"));
        assertThat(of(Kind.TORCH, "torch:https://h/x/r.pth?a=b/c"))
                .containsExactly(folder.resolve("checkpoints/r.pth"));
        assertThat(of(Kind.TORCH, "torchhub:acme/tiny@v1")).containsExactly(folder.resolve("acme_tiny_v1"));
        assertThat(of(Kind.TORCH, "torchhub:acme/tiny"))
                .containsExactly(folder.resolve("acme_tiny_main"), folder.resolve("acme_tiny_master"));
        assertThat(of(Kind.WHISPER, "whisper:base")).containsExactly(folder.resolve("base.pt"));
    }

    @Test
    void aModelOfAnotherKindLiesNowhere() {
        assertThat(of(Kind.TORCH, "hf:acme/tiny")).isEmpty();
        assertThat(of(Kind.HUB, "torch:https://h/r.pth")).isEmpty();
        assertThat(of(Kind.WHISPER, "torchhub:acme/tiny")).isEmpty();
        assertThat(of(Kind.HUB, "whisper:base")).isEmpty();
        assertThat(of(Kind.WHISPER, "whisper:no such")).isEmpty();
        assertThat(of(Kind.HUB, "maven:g:a:1")).isEmpty();
        assertThat(of(Kind.HUB, "hf:no/such/model")).isEmpty();
    }

    @Test
    void findsWhatLiesThere() throws IOException {
        Files.createDirectories(folder.resolve("models--acme--tiny"));
        Files.createDirectories(folder.resolve("acme_tiny_main"));
        Files.createDirectories(folder.resolve("checkpoints"));
        Files.writeString(folder.resolve("checkpoints/r-0676ba61.pth"), "");
        Files.writeString(folder.resolve("base.pt"), "");
        assertThat(place(Kind.HUB).found()).containsOnlyKeys(ModelReference.parse("hf:acme/tiny"));
        assertThat(place(Kind.TORCH).found())
                .containsOnlyKeys(
                        ModelReference.parse("torch:r-0676ba61.pth"), ModelReference.parse("torchhub:acme/tiny@main"));
        assertThat(place(Kind.WHISPER).found()).containsOnlyKeys(ModelReference.parse("whisper:base"));
    }

    @Test
    void readsDigestsFromNamesWhereTheyTell() {
        Layout checkpoints = place(Kind.TORCH).layouts().get(0);
        assertThat(checkpoints.digestPrefix("r-0676ba61.pth")).contains("0676ba61");
        Layout whisper = place(Kind.WHISPER).layouts().get(0);
        assertThat(whisper.digestPrefix("base.pt"))
                .hasValueSatisfying(digits -> assertThat(digits).hasSize(64));
    }
}
