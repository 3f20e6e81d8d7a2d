package io.github.modelcache.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;

/** Input: the bytes of a manifest, which is also the part of any index that it may be. */
@Timeout(120)
class ModelManifestFuzzTest {

    private static final Digest SHA256 = Digest.sha256("ab".repeat(32));
    private static final ModelFile FILE = new ModelFile("a/b.bin", 12, Optional.of(SHA256), "https://h/a");
    private static final ResolvedModel MODEL = new ResolvedModel(
            ModelReference.parse("hf:acme/tiny"), ModelRequest.PLAIN, "c0ffee", Optional.empty(), false, List.of(FILE));

    @FuzzTest
    void hasWhatTheLockNamesOrIsRefused(byte[] input) throws IOException {
        try {
            ModelManifest manifest =
                    ModelManifest.read("registry.example/x", input, MODEL, digest -> Optional.of(input));
            assertThat(manifest.layer(FILE)).isEqualTo(new ModelManifest.Layer(SHA256, 12));
        } catch (ModelException e) {
            assertThat(e.getMessage()).startsWith("registry.example/x ").doesNotContain("\u001b");
        }
    }
}
