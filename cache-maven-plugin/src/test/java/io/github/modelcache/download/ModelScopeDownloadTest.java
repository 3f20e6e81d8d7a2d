package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.clean.CacheCleaning;
import io.github.modelcache.clean.CleanRequest;
import io.github.modelcache.clean.CleanScope;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.environment.CacheEnvironment;
import io.github.modelcache.family.modelscope.ModelScopeSource;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.TestProject;
import io.github.modelcache.verify.Verifier;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelScopeDownloadTest {

    private static final String SITE = "https://modelscope.cn/";
    private static final String API = "/modelscope.cn/api/v1/models/acme/tiny/repo";
    private static final String TINY = "\"modelscope:acme/tiny\"";

    @TempDir
    Path folder;

    private final Map<String, String> files = new TreeMap<>(Map.of("config.json", "{}", "onnx/a b.onnx", "weights"));
    private TestProject project;
    private Family modelscope;
    private Path snapshot;

    @BeforeEach
    void serve() throws Exception {
        project = new TestProject(folder);
        modelscope = new Family(project, "modelscope", (web, config) -> new ModelScopeSource(web));
        snapshot = folder.resolve(".cache/models/modelscope/models/acme--tiny/snapshots/master");
        modelscope.server.on(API, (request, out) -> {
            String query = URLDecoder.decode(request.target(), StandardCharsets.UTF_8);
            String content = files.get(query.substring(query.indexOf("&FilePath=") + "&FilePath=".length()));
            FaultyServer.Reply reply =
                    content == null ? FaultyServer.status(404) : FaultyServer.ok(Family.bytes(content));
            reply.send(request, out);
        });
        list();
    }

    @AfterEach
    void stop() throws Exception {
        modelscope.close();
    }

    private void list() throws Exception {
        StringBuilder entries = new StringBuilder("{\"Path\": \"onnx\", \"Name\": \"onnx\", \"Type\": \"tree\"}");
        for (Map.Entry<String, String> file : files.entrySet()) {
            byte[] content = Family.bytes(file.getValue());
            entries.append(", {\"Path\": \"" + file.getKey() + "\", \"Type\": \"blob\", \"Size\": " + content.length
                    + ", \"Sha256\": \"" + Family.sha256(content) + "\"}");
        }
        answer("{\"Code\": 200, \"Data\": {\"Files\": [" + entries + "]}}");
    }

    private void answer(String json) {
        modelscope.server.on(API + "/files", FaultyServer.ok(Family.bytes(json)));
    }

    private CacheConfig declared(String model) throws Exception {
        return modelscope.config(model, SITE);
    }

    private ResolvedModel locked() throws Exception {
        return project.lock().read().models().iterator().next();
    }

    @Nested
    class Download {

        @Test
        void putsTheFilesWhereTheClientLooksForThem() throws Exception {
            CacheConfig config = declared(TINY);
            modelscope.download(config);
            assertThat(snapshot.resolve("config.json")).hasContent("{}");
            assertThat(snapshot.resolve("onnx/a b.onnx")).hasContent("weights");
            assertThat(locked().revision()).isEqualTo("master");
            assertThat(new Layouts(config).path(locked())).isEqualTo(snapshot);
            int requests = modelscope.server.requests().size();
            assertThat(modelscope.download(config).fetchedModels()).isZero();
            assertThat(modelscope.server.requests()).hasSize(requests);
        }

        @Test
        void fetchesOnlyTheFilesThatThePatternsSelect() throws Exception {
            modelscope.download(declared("{\"model\": \"modelscope:acme/tiny\", \"include\": [\"*.json\"]}"));
            assertThat(snapshot).isDirectoryContaining(file -> file.endsWith("config.json"));
            assertThat(snapshot.resolve("onnx")).doesNotExist();
        }

        @Test
        void keepsATagInItsOwnFolder() throws Exception {
            modelscope.download(declared("{\"model\": \"modelscope:acme/tiny\", \"revision\": \"v1.0\"}"));
            assertThat(snapshot.resolveSibling("v1.0").resolve("config.json")).hasContent("{}");
            assertThat(modelscope.server.requests())
                    .extracting(FaultyServer.Request::target)
                    .allMatch(target -> target.contains("Revision=v1.0"));
        }

        @Test
        void refusesAFileThatIsNotTheListedOne() throws Exception {
            modelscope.lock(declared(TINY));
            files.put("onnx/a b.onnx", "changed");
            assertThatThrownBy(() -> modelscope.download(declared(TINY)))
                    .hasMessageContaining("mvn cache:lock -Dcache.update=modelscope:acme/tiny");
            assertThat(snapshot.resolve("onnx/a b.onnx")).doesNotExist();
        }
    }

    @Nested
    class Problem {

        @Test
        void aNameThatModelScopeCannotHave() {
            for (String id : new String[] {"tiny", "../evil", "acme/..", "acme/tiny/x", "ac--me/tiny"}) {
                assertThatThrownBy(() -> modelscope.download(declared("\"modelscope:" + id + "\"")))
                        .hasMessageContaining("write modelscope:owner/name");
            }
        }

        @Test
        void aRevisionThatLeavesTheFolder() {
            for (String revision : new String[] {"..", "a/b"}) {
                assertThatThrownBy(() -> modelscope.download(
                                declared("{\"model\": \"modelscope:acme/tiny\", \"revision\": \"" + revision + "\"}")))
                        .hasMessageContaining("is not a branch or tag");
            }
        }

        @Test
        void aMissingModelOrAnAnswerWithoutFiles() throws Exception {
            modelscope.server.on(API + "/files", FaultyServer.status(404));
            assertThatThrownBy(() -> modelscope.download(declared(TINY)))
                    .hasMessageContaining("does not exist on ModelScope");
            answer("{\"Code\": 10010205001, \"Message\": \"no such repo\"}");
            assertThatThrownBy(() -> modelscope.download(declared(TINY)))
                    .hasMessageContaining("lists no files (no such repo)");
        }

        @Test
        void aFileNameThatLeavesTheFolder() {
            answer("{\"Data\": {\"Files\": [{\"Path\": \"../x\", \"Type\": \"blob\"}]}}");
            assertThatThrownBy(() -> modelscope.download(declared(TINY))).hasMessageContaining("'../x'");
        }

        @Test
        void aListThatTheServerCut() {
            answer(IntStream.range(0, 3000)
                    .mapToObj(i -> "{\"Path\": \"" + i + "\"}")
                    .collect(Collectors.joining(",", "{\"Data\": {\"Files\": [", "]}}")));
            assertThatThrownBy(() -> modelscope.download(declared(TINY)))
                    .hasMessageContaining("more files than ModelScope lists at once");
        }
    }

    @Test
    void verifyFindsDamageAndDownloadRepairsIt() throws Exception {
        CacheConfig config = declared(TINY);
        modelscope.download(config);
        Verifier verifier = new Verifier(project, config);
        assertThat(verifier.found()).noneMatch(line -> line.startsWith("MODEL_") || line.contains("modelscope"));
        Files.writeString(snapshot.resolve("onnx/a b.onnx"), "w3ights");
        assertThat(verifier.lines(verifier.verify(true)))
                .anyMatch(line -> line.contains("corrupt") && line.contains("a b.onnx"));
        modelscope.download(config);
        assertThat(snapshot.resolve("onnx/a b.onnx")).hasContent("weights");
    }

    @Test
    void cleanDeletesAnUndeclaredModelAndKeepsTheLockedOne() throws Exception {
        CacheConfig config = declared(TINY);
        modelscope.download(config);
        project.write(".cache/models/modelscope/models/acme--old/snapshots/master/old.bin", "old");
        project.write(".cache/models/modelscope/models/acme--tiny/snapshots/v0/old.bin", "old");
        Instant later = Instant.now().plus(Duration.ofHours(1));
        new CacheCleaning(config, project.lock(), folder, later, project)
                .plan(CleanRequest.of(CleanScope.UNUSED))
                .run(project, folder);
        assertThat(snapshot.resolve("config.json")).exists();
        assertThat(snapshot.resolveSibling("v0")).doesNotExist();
        assertThat(folder.resolve(".cache/models/modelscope/models/acme--old/snapshots/master"))
                .doesNotExist();
    }

    @Test
    void onlyAProjectWithSuchAModelGetsTheVariableOfTheClient() throws Exception {
        Path home = folder.resolve("home");
        assertThat(new CacheEnvironment(declared(TINY), home).variables(false, Map.of()))
                .containsEntry(
                        "MODELSCOPE_CACHE",
                        folder.resolve(".cache/models/modelscope").toString());
        assertThat(new CacheEnvironment(declared(""), home).variables(false, Map.of()))
                .doesNotContainKey("MODELSCOPE_CACHE");
    }

    @Test
    void anUndeclaredFileBelongsToItsSnapshot() throws Exception {
        Path file = snapshot.resolve("onnx/x.onnx");
        assertThat(new Layouts(declared(TINY))
                        .all().stream()
                                .flatMap(layout -> layout.modelFolder(file).stream())
                                .toList())
                .containsExactly(snapshot);
    }
}
