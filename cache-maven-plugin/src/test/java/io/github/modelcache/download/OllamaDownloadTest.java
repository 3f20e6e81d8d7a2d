package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.clean.CacheCleaning;
import io.github.modelcache.clean.CleanRequest;
import io.github.modelcache.clean.CleanScope;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.environment.CacheEnvironment;
import io.github.modelcache.family.ollama.OllamaSource;
import io.github.modelcache.inventory.usage.CacheInventory;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.TestProject;
import io.github.modelcache.verify.Verifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OllamaDownloadTest {

    private static final String REGISTRY = "/registry.ollama.ai/v2/library/";
    private static final String TINY = "\"ollama:tiny:1b\"";

    @TempDir
    Path folder;

    private TestProject project;
    private Family ollama;
    private Path models;

    @BeforeEach
    void serve() throws Exception {
        project = new TestProject(folder);
        ollama = new Family(project, "ollama", (web, config) -> new OllamaSource(web));
        models = folder.resolve(".cache/models/ollama");
        model("tiny", "1b", "config of tiny", "weights of tiny", "licence");
    }

    @AfterEach
    void stop() throws Exception {
        ollama.close();
    }

    /** A model with a config and these layers. */
    private void model(String name, String tag, String config, String... layers) throws Exception {
        StringBuilder list = new StringBuilder();
        for (String layer : layers) {
            list.append(list.isEmpty() ? "" : ",").append(blob(name, "application/vnd.ollama.image.model", layer));
        }
        manifest(
                name,
                tag,
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\",\"config\":"
                        + blob(name, "application/vnd.docker.container.image.v1+json", config) + ",\"layers\":[" + list
                        + "]}");
    }

    private String blob(String name, String type, String content) throws Exception {
        byte[] bytes = Family.bytes(content);
        String sha256 = Family.sha256(bytes);
        ollama.server.on(REGISTRY + name + "/blobs/sha256:" + sha256, FaultyServer.ok(bytes));
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"sha256:" + sha256 + "\",\"size\":" + bytes.length + "}";
    }

    private void manifest(String name, String tag, String json) {
        ollama.server.on(REGISTRY + name + "/manifests/" + tag, FaultyServer.ok(Family.bytes(json)));
    }

    private CacheConfig declared(String models) throws Exception {
        return ollama.config(models, "https://registry.ollama.ai/");
    }

    private Path blob(String content) throws Exception {
        return models.resolve("blobs/sha256-" + Family.sha256(Family.bytes(content)));
    }

    private List<String> names() throws Exception {
        try (Stream<Path> all = Files.walk(models)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> models.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.startsWith(".locks"))
                    .sorted()
                    .toList();
        }
    }

    private long clean(CacheConfig config, CleanScope scope) throws Exception {
        return new CacheCleaning(config, project.lock(), folder, Instant.now().plus(Duration.ofHours(1)), project)
                .plan(CleanRequest.of(scope))
                .run(project, folder);
    }

    @Nested
    class Download {

        @Test
        void storesTheModelAsOllamaDoesAndLocksItsDigests() throws Exception {
            CacheConfig config = declared(TINY);
            ollama.download(config);
            assertThat(names())
                    .hasSize(4)
                    .contains("manifests/registry.ollama.ai/library/tiny/1b")
                    .filteredOn(name -> name.startsWith("blobs/"))
                    .allMatch(name -> name.matches("blobs/sha256-[0-9a-f]{64}"));
            assertThat(blob("weights of tiny")).hasContent("weights of tiny");
            assertThat(project.lock().read().models().iterator().next().revision())
                    .startsWith("sha256:");
            int requests = ollama.server.requests().size();
            assertThat(ollama.download(config).fetchedModels()).isZero();
            assertThat(ollama.server.requests()).hasSize(requests);
            assertThat(new CacheEnvironment(config, folder).variables(false, Map.of()))
                    .containsEntry("OLLAMA_MODELS", models.toString());
        }

        @Test
        void takesTheTagLatestAndTheModelsOfUsers() throws Exception {
            model("tiny", "latest", "config", "newest");
            String user = REGISTRY.replace("library/", "acme/");
            String empty = "{\"schemaVersion\":2,\"layers\":[" + blob("tiny", "x", "theirs") + "]}";
            ollama.server.on(user + "own/manifests/v1", FaultyServer.ok(Family.bytes(empty)));
            ollama.server.on(
                    user + "own/blobs/sha256:" + Family.sha256(Family.bytes("theirs")),
                    FaultyServer.ok(Family.bytes("theirs")));
            ollama.download(declared("\"ollama:tiny\", \"ollama:acme/own:v1\""));
            assertThat(names())
                    .contains(
                            "manifests/registry.ollama.ai/library/tiny/latest",
                            "manifests/registry.ollama.ai/acme/own/v1");
        }

        @Test
        void noticesATagThatMoved() throws Exception {
            ollama.lock(declared(TINY));
            model("tiny", "1b", "other config", "other weights");
            assertThatThrownBy(() -> ollama.download(declared(TINY)))
                    .hasMessageContaining("mvn cache:lock -Dcache.update=ollama:tiny:1b");
        }
    }

    @Nested
    class Problem {

        @ParameterizedTest
        @ValueSource(strings = {"../x", "a/b/c", "a:b:c", "a:..", "a b", "/a", "a/:b", "hf.co/a/b:c"})
        void aNameThatOllamaCannotHave(String id) {
            assertThatThrownBy(() -> ollama.download(declared("\"ollama:" + id + "\"")))
                    .hasMessageContaining("write ollama:name:tag");
        }

        @Test
        void aModelThatDoesNotExist() {
            ollama.server.on(REGISTRY + "none/manifests/latest", FaultyServer.status(404));
            assertThatThrownBy(() -> ollama.download(declared("\"ollama:none\"")))
                    .hasMessageContaining("does not exist in Ollama's registry");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "[]",
                    "{",
                    "{\"layers\": {}}",
                    "{\"layers\": []}",
                    "{\"layers\": [7]}",
                    "{\"layers\": [{\"digest\": \"sha256:../../x\", \"size\": 1}]}",
                    "{\"layers\": [{\"digest\": \"md5:00\", \"size\": 1}]}",
                    "{\"layers\": [{\"digest\": 1, \"size\": 1}]}",
                })
        void anAnswerThatIsNoManifest(String text) {
            manifest("tiny", "1b", text);
            assertThatThrownBy(() -> ollama.download(declared(TINY))).hasMessageContaining("cache.mirrors");
        }

        @Test
        void aBlobOfAnotherContent() throws Exception {
            ollama.server.on(
                    REGISTRY + "tiny/blobs/sha256:" + Family.sha256(Family.bytes("licence")),
                    FaultyServer.ok(Family.bytes("LICENCE")));
            assertThatThrownBy(() -> ollama.download(declared(TINY))).hasMessageContaining("ollama:tiny:1b");
            assertThat(blob("licence")).doesNotExist();
        }
    }

    @Nested
    class OnTheDisk {

        @Test
        void verifyFindsDamageAndDownloadRepairsIt() throws Exception {
            CacheConfig config = declared(TINY);
            ollama.download(config);
            Verifier verifier = new Verifier(project, config);
            assertThat(verifier.found()).noneMatch(line -> line.contains("ollama"));
            Files.writeString(blob("weights of tiny"), "we1ghts of tiny");
            assertThat(verifier.lines(verifier.verify(true))).anyMatch(line -> line.startsWith("model-corrupt"));
            ollama.download(config);
            assertThat(blob("weights of tiny")).hasContent("weights of tiny");
        }

        @Test
        void cleanDeletesAModelButNotTheContentsThatAnotherNeeds() throws Exception {
            model("other", "1b", "config of other", "weights of other", "licence");
            ollama.download(declared(TINY + ", \"ollama:other:1b\""));
            CacheConfig config = declared(TINY);
            ollama.download(config);
            CacheInventory inventory =
                    CacheInventory.take(config, project.lock().read(), Instant.now());
            assertThat(inventory.unusedBytes()).isGreaterThan("weights of other".length());
            clean(config, CleanScope.UNUSED);
            assertThat(names())
                    .contains("manifests/registry.ollama.ai/library/tiny/1b")
                    .doesNotContain("manifests/registry.ollama.ai/library/other/1b");
            assertThat(blob("licence")).exists();
            assertThat(blob("weights of tiny")).exists();
            assertThat(blob("weights of other")).doesNotExist();
            assertThat(new Verifier(project, config).found()).noneMatch(line -> line.contains("ollama"));
            clean(config, CleanScope.MODELS);
            assertThat(names()).isEmpty();
        }
    }
}
