package io.github.modelcache.ci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheKeyTest {

    private static final String DECLARED = "\"models\": [\"url:https://example.org/vad.onnx\"]";

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void project() {
        project = new TestProject(folder);
    }

    @Test
    void theKeyStandsForPlatformAcceleratorAndLock() throws Exception {
        CacheKey key = key(lock("a"), machine("linux", true, false));

        assertThat(key.key()).matches("model-cache-linux-x86_64-cuda-[0-9a-f]{16}");
        assertThat(key.paths())
                .containsExactly(".cache/torch", ".cache/huggingface", ".cache/mlx", ".cache/whisper", ".cache/models");
        assertThat(key(lock("a"), machine("linux", true, false))).isEqualTo(key);
        assertThat(key(lock("a"), machine("darwin", false, true)).key()).startsWith("model-cache-darwin-x86_64-mps-");
        assertThat(key(lock("a"), machine("linux", false, false)).key()).startsWith("model-cache-linux-x86_64-cpu-");
        assertThat(key(lock("b"), machine("linux", true, false)).digits()).isNotEqualTo(key.digits());
        assertThat(key(lock("b"), machine("linux", true, false)).prefix()).isEqualTo(key.prefix());
    }

    @Test
    void anUnlockedModelHasNoKey() throws Exception {
        assertThatThrownBy(() -> key(Lock.EMPTY, machine("linux", false, false)))
                .isInstanceOf(LockException.class)
                .hasMessageContaining("url:https://example.org/vad.onnx")
                .hasMessageContaining("mvn cache:lock");
    }

    @Test
    void aCacheOutsideTheProjectIsNamedByItsWholePath() throws Exception {
        CacheConfig config = project.config("\"base_dir\": \"/mnt/models\"");
        CacheKey key = CacheKey.of(config, project.lock(), Lock.EMPTY, machine("linux", false, false));

        assertThat(key.paths()).contains("/mnt/models/torch");
    }

    @Test
    void eachFormatSaysTheSame() throws Exception {
        CacheKey key = new CacheKey("model-cache-linux-x86_64-cpu-", "0123456789abcdef", List.of(".cache/a", "/b c"));

        assertThat(KeyFormat.named("text").text(key))
                .isEqualTo("model-cache-linux-x86_64-cpu-0123456789abcdef\n.cache/a\n/b c\n");
        assertThat(KeyFormat.named("github").text(key)).isEqualTo("""
                        key=model-cache-linux-x86_64-cpu-0123456789abcdef
                        restore-keys=model-cache-linux-x86_64-cpu-
                        path<<END_OF_PATHS/
                        .cache/a
                        /b c
                        END_OF_PATHS/
                        """);
        assertThat(JsonDocument.parse("key", KeyFormat.named("json").text(key))
                        .root()
                        .sameValue(JsonDocument.parse(
                                        "key",
                                        "{\"schemaVersion\": 1, \"key\": \"" + key.key() + "\", \"restoreKeys\": [\""
                                                + key.prefix() + "\"], \"paths\": [\".cache/a\", \"/b c\"]}")
                                .root()))
                .isTrue();
        assertThatThrownBy(() -> KeyFormat.named("yaml")).hasMessageContaining("'yaml', expected text, json or github");
    }

    private CacheKey key(Lock lock, Hardware machine) throws Exception {
        return CacheKey.of(project.config(DECLARED), project.lock(), lock, machine);
    }

    private static Lock lock(String digit) {
        ModelFile file = new ModelFile(
                "vad.onnx", 3, Optional.of(Digest.sha256(digit.repeat(64))), "https://example.org/vad.onnx");
        return Lock.of(List.of(new ResolvedModel(
                ModelReference.parse("url:https://example.org/vad.onnx"),
                ModelRequest.PLAIN,
                "sha256:" + digit.repeat(64),
                Optional.empty(),
                false,
                List.of(file))));
    }

    private static Hardware machine(String platform, boolean cuda, boolean mps) {
        return new Hardware(platform, "x86_64", cuda, mps, mps, 4, 16, Optional.empty(), OptionalInt.empty());
    }
}
