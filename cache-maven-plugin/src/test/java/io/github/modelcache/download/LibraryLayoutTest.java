package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.catalog.LibraryPlaces;
import io.github.modelcache.clean.CacheCleaning;
import io.github.modelcache.clean.CleanRequest;
import io.github.modelcache.clean.CleanScope;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.family.url.UrlSource;
import io.github.modelcache.files.HardLinks;
import io.github.modelcache.inventory.usage.CacheInventory;
import io.github.modelcache.model.Lock;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import io.github.modelcache.verify.Verifier;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that a library also finds by its own names. */
class LibraryLayoutTest {

    private static final String ZOO = "https://mlrepo.djl.ai/model/nlp/text_embedding/ai/djl/huggingface/onnxruntime/";
    private static final String ONNX = "https://github.com/spring-projects/spring-ai/raw/main/onnx/model.onnx";
    private static final String TOKENS = "https://dlcdn.apache.org/opennlp/models/en-tokens.bin";
    private static final String POS = "https://dlcdn.apache.org/opennlp/models/en-pos.bin";
    private static final String LENET = "https://dl4jdata.blob.core.windows.net/models/lenet_dl4j.zip";

    @TempDir
    Path folder;

    private TestProject project;
    private Family urls;

    @BeforeEach
    void serve() throws Exception {
        project = new TestProject(folder);
        urls = new Family(project, "url", (web, config) -> new UrlSource(web, new PluginDirectory(config).downloads()));
        for (String address : new String[] {ONNX, TOKENS, POS}) {
            serve(address, Family.bytes("weights of " + address));
        }
    }

    private void serve(String address, byte[] content) {
        urls.server.on(address.substring("https:/".length()), FaultyServer.ok(content));
    }

    @AfterEach
    void stop() throws Exception {
        urls.close();
    }

    private static String entry(String layout, String address, String... more) {
        return "{\"model\": \"url:" + address + "\", \"layout\": \"" + layout + "\"" + String.join("", more) + "}";
    }

    private CacheConfig config(String... entries) throws Exception {
        return urls.config(
                String.join(", ", entries),
                "https://mlrepo.djl.ai/",
                "https://github.com/",
                "https://dlcdn.apache.org/",
                "https://dl4jdata.blob.core.windows.net/");
    }

    private CacheConfig downloaded(String... entries) throws Exception {
        CacheConfig config = config(entries);
        urls.download(config);
        return config;
    }

    private static byte[] zip(String... names) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(Family.bytes("content of " + name));
            }
        }
        return bytes.toByteArray();
    }

    private List<String> files(String name) throws Exception {
        Path top = folder.resolve(name);
        try (Stream<Path> all = Files.walk(top)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> top.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Nested
    class Place {

        @Test
        void ofSpringAiIsAFolderNamedByTheAddress() throws Exception {
            downloaded(entry("spring-ai", ONNX));
            // UUID.nameUUIDFromBytes of the address without its last part, as ResourceCacheService computes it.
            assertThat(files(".cache/models/spring-ai"))
                    .singleElement()
                    .asString()
                    .matches("[0-9a-f-]{36}/model.onnx");
        }

        @Test
        void ofOpenNlpHasAPageThatListsTheModels() throws Exception {
            downloaded(entry("opennlp", TOKENS), entry("opennlp", POS));
            assertThat(files(".cache/models/opennlp"))
                    .containsExactly(".opennlp/en-pos.bin", ".opennlp/en-tokens.bin", ".opennlp/index.html");
            assertThat(folder.resolve(".cache/models/opennlp/.opennlp/index.html"))
                    .hasContent("<a href=\"en-pos.bin\">en-pos.bin</a>\n<a href=\"en-tokens.bin\">en-tokens.bin</a>");
        }

        @Test
        void ofDjlIsThatInItsZooWithArchivesUnpackedAndADateInTheMetadata() throws Exception {
            serve(ZOO + "acme/tiny/metadata.json", Family.bytes("{\"artifactId\": \"tiny\"}"));
            serve(ZOO + "acme/tiny/0.0.1/tiny.zip", zip("model.onnx"));
            downloaded(
                    entry("djl", ZOO + "acme/tiny/metadata.json"),
                    entry("djl", ZOO + "acme/tiny/0.0.1/tiny.zip", ", \"name\": \"tiny\""));
            String tiny = ".cache/djl/cache/repo/model/nlp/text_embedding/ai/djl/huggingface/onnxruntime/acme/tiny/";
            assertThat(folder.resolve(tiny + "0.0.1/tiny/model.onnx")).hasContent("content of model.onnx");
            assertThat(folder.resolve(tiny + "metadata.json"))
                    .content()
                    .contains("\"lastUpdated\": \"1970-01-01T00:00:00.000Z\"", "\"artifactId\": \"tiny\"");
        }

        @Test
        void ofDl4jIsNamedByTheModelAndKeepsTheArchive() throws Exception {
            serve(LENET, zip("configuration.json"));
            downloaded(entry("dl4j", LENET, ", \"name\": \"lenet\""));
            assertThat(files(".cache/models/dl4j")).containsExactly("models/lenet/lenet_dl4j.zip");
        }

        @Test
        void ofJlamaIsAFolderWithAMark() throws Exception {
            CacheConfig config = project.config("\"models\": [{\"model\": \"hf:acme/tiny\", \"layout\": \"jlama\"}]");
            HubFixture hub = new HubFixture(config.hfHome().resolve("hub"), "acme/tiny").small("config.json", "{}");
            LibraryPlaces places = new LibraryPlaces(config, Lock.of(List.of(hub.resolved())));
            Path jlama = config.modelsHome().resolve("jlama/acme_tiny");
            assertThat(places.files())
                    .extracting(LibraryPlaces.PlacedFile::path)
                    .containsExactly(jlama.resolve("config.json"));
            assertThat(places.notes()).extracting(LibraryPlaces.Note::path).containsExactly(jlama.resolve(".finished"));
            assertThat(places.units()).containsOnlyKeys(jlama);
        }
    }

    @Nested
    class Problem {

        @Test
        void twoModelsOfOneName() throws Exception {
            String other = TOKENS.replace("models/", "old/");
            serve(other, Family.bytes("others"));
            assertThatThrownBy(
                            () -> downloaded(entry("opennlp", TOKENS), entry("opennlp", other, ", \"name\": \"old\"")))
                    .hasMessageContaining("would both be")
                    .hasMessageContaining("remove \"layout\"");
        }

        @Test
        void anAddressThatIsNotOfDjlsZoo() {
            assertThatThrownBy(() -> downloaded(entry("djl", ONNX))).hasMessageContaining("mlrepo.djl.ai/model/");
        }

        @Test
        void anArchiveOfSeveralFilesWhereOneIsNeeded() throws Exception {
            serve(LENET, zip("configuration.json", "coefficients.bin"));
            assertThatThrownBy(() -> downloaded(entry("spring-ai", LENET)))
                    .hasMessageContaining("needs one file")
                    .hasMessageContaining("\"unpack\": false");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"model\": \"hf:a/b\", \"layout\": \"djl\"} | looks for url: models only",
                    "{\"model\": \"url:https://a/b.bin\", \"layout\": \"jlama\"} | looks for hf: models only",
                    "{\"model\": \"hf:a/b\", \"layout\": \"onnx\"} | expected one of \"jlama\", \"djl\"",
                    "{\"model\": \"hf:a/b\", \"layout\": 7} | expected one of",
                })
        void aLayoutThatDoesNotFit(String entry, String message) {
            assertThatThrownBy(() -> config(entry)).hasMessageContaining(message);
        }
    }

    @Nested
    class OnTheDisk {

        private Path placed;

        @BeforeEach
        void place() {
            placed = folder.resolve(".cache/models/opennlp/.opennlp/en-tokens.bin");
        }

        @Test
        void theBytesLieOnceAndCountOnce() throws Exception {
            CacheConfig config = downloaded(entry("opennlp", TOKENS));
            assertThat(HardLinks.names(placed)).isEqualTo(2);
            CacheInventory inventory =
                    CacheInventory.take(config, project.lock().read(), Instant.now());
            long index = Files.size(placed.resolveSibling("index.html"));
            assertThat(inventory.bytes(CacheRoot.Kind.MODEL)).isEqualTo(Files.size(placed) + index);
            assertThat(inventory.unusedBytes()).isZero();
        }

        @Test
        void verifyFindsWhatIsMissingOrOtherAndDownloadRepairsIt() throws Exception {
            CacheConfig config = downloaded(entry("opennlp", TOKENS));
            Verifier verifier = new Verifier(project, config);
            assertThat(verifier.found()).noneMatch(line -> line.contains("opennlp"));
            Files.delete(placed);
            assertThat(verifier.found()).contains("model-missing error .cache/models/opennlp/.opennlp/en-tokens.bin");
            Files.writeString(placed, "changed by a library");
            assertThat(verifier.found()).contains("model-corrupt error .cache/models/opennlp/.opennlp/en-tokens.bin");
            assertThat(urls.download(config).fetchedModels()).isZero();
            assertThat(placed).hasContent("weights of " + TOKENS);
            assertThat(verifier.found()).noneMatch(line -> line.contains("opennlp"));
        }

        @Test
        void aCopyIsAsGoodAsALink() throws Exception {
            CacheConfig config = downloaded(entry("opennlp", TOKENS));
            Files.delete(placed);
            Files.writeString(placed, "weights of " + TOKENS);
            urls.download(config);
            assertThat(HardLinks.names(placed)).isEqualTo(1);
            assertThat(new Verifier(project, config).found()).noneMatch(line -> line.contains("opennlp"));
        }

        @Test
        void cleanKeepsWhatIsDeclaredAndDeletesTheRest() throws Exception {
            CacheConfig config = downloaded(entry("opennlp", TOKENS), entry("opennlp", POS));
            clean(config, CleanScope.UNUSED);
            assertThat(placed.resolveSibling("en-pos.bin")).exists();
            config = downloaded(entry("opennlp", TOKENS));
            clean(config, CleanScope.UNUSED);
            assertThat(files(".cache/models/opennlp")).containsExactly(".opennlp/en-tokens.bin", ".opennlp/index.html");
            clean(config, CleanScope.MODELS);
            assertThat(placed).doesNotExist();
        }

        @Test
        void cleanDeletesWhatDjlFetchedFromItsZooButKeepsItsEngines() throws Exception {
            CacheConfig config = downloaded(entry("opennlp", TOKENS));
            project.write(".cache/djl/cache/repo/model/cv/old/model.pt", "fetched by DJL");
            project.write(".cache/djl/pytorch/2.7.1-cpu-linux-x86_64/libtorch.so", "an engine");
            clean(config, CleanScope.UNUSED);
            assertThat(files(".cache/djl")).containsExactly("pytorch/2.7.1-cpu-linux-x86_64/libtorch.so");
        }

        @Test
        void aDryRunListsTheLinks() throws Exception {
            CacheConfig config = downloaded(entry("opennlp", TOKENS));
            Files.delete(placed);
            urls.run(
                    config,
                    new DownloadOptions(2, false, Set.of(), true, "mvn cache:download"),
                    ModelDownload::download);
            assertThat(project.said())
                    .contains("info: Would write .cache/models/opennlp/.opennlp/en-tokens.bin"
                            + " (hard link to en-tokens.bin for opennlp)");
            assertThat(placed).doesNotExist();
        }

        private void clean(CacheConfig config, CleanScope scope) throws Exception {
            new CacheCleaning(config, project.lock(), folder, Instant.now().plus(Duration.ofHours(1)), project)
                    .plan(CleanRequest.of(scope))
                    .run(project, folder);
        }
    }
}
