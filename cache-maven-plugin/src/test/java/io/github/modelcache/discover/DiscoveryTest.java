package io.github.modelcache.discover;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.ModelReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoveryTest {

    private static final String CALL = "AutoModel.from_pretrained('openlab/x')\n";

    @TempDir
    Path folder;

    private Sources sources;

    @BeforeEach
    void project() throws Exception {
        sources = Sources.in(folder);
    }

    @Test
    void tellsWhatIsDeclared() throws Exception {
        Discovery.Result result = sources.with(
                        "config/hardware_cache.json", "{\"cache\": {\"models\": [\"hf:openlab/x\"]}}")
                .with("a.py", CALL + "AutoModel.from_pretrained('openlab/y')\n")
                .find();

        assertThat(result.models()).extracting(DiscoveredModel::declared).containsExactly(true, false);
        assertThat(result.toDeclare())
                .extracting(model -> model.model().toString())
                .containsExactly("hf:openlab/y");
    }

    @Nested
    class Folders {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "node_modules/a.py",
                    ".git/a.py",
                    "target/a.py",
                    "build/a.py",
                    "venv/lib/a.py",
                    ".venv/a.py",
                    "x/site-packages/a.py",
                    ".cache/huggingface/a.py"
                })
        void ofOthersAreSkipped(String file) throws Exception {
            assertThat(sources.with(file, CALL).places()).isEmpty();
        }

        @Test
        void aVirtualEnvironmentOfAnyNameIsSkipped() throws Exception {
            assertThat(sources.with("tools/py/pyvenv.cfg", "")
                            .with("tools/py/lib/a.py", CALL)
                            .places())
                    .isEmpty();
        }

        @Test
        @DisabledOnOs(OS.WINDOWS)
        void linksAreNotFollowed() throws Exception {
            Path outside = Files.createDirectories(folder.resolve("outside"));
            Files.writeString(outside.resolve("a.py"), CALL);
            Files.createSymbolicLink(sources.project().resolve("linked"), outside);
            Files.createSymbolicLink(sources.project().resolve("b.py"), outside.resolve("a.py"));

            assertThat(sources.places()).isEmpty();
        }

        @Test
        @DisabledOnOs(OS.WINDOWS)
        void aPipeDoesNotBlock() throws Exception {
            assertThat(new ProcessBuilder(
                                    "mkfifo", sources.project().resolve("a.py").toString())
                            .start()
                            .waitFor())
                    .isZero();

            assertThat(sources.with("b.py", CALL).places()).hasSize(1);
        }
    }

    @Nested
    class HostileFiles {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "def f(:\n  ((((\n",
                    "x = '''never closed\n",
                    "[[[[{{{{((((\nclass A\n",
                    "@@@ \\ \u0000 \u202e\n",
                    "name = 'it's broken\n",
                    "f(a=, b==, =c)\n"
                })
        void withBrokenCodeDoNotHideTheRest(String broken) throws Exception {
            assertThat(sources.with("broken.py", broken)
                            .with("Broken.java", broken)
                            .with("broken.yaml", broken)
                            .with("broken.json", broken)
                            .with("broken.ipynb", broken)
                            .with("broken.sh", broken)
                            .with("a.py", CALL)
                            .places())
                    .contains("hf:openlab/x certain default a.py:1");
        }

        @Test
        void withDeepNestingAreRead() throws Exception {
            String deep = "(".repeat(20_000) + ")".repeat(20_000) + "\n";
            assertThat(sources.with("deep.py", deep + "x = " + "[".repeat(5_000) + "\n")
                            .with("deep.json", "[".repeat(100_000))
                            .with("deep.ipynb", "{\"cells\": " + "[".repeat(100_000))
                            .with("a.py", CALL)
                            .places())
                    .containsExactly("hf:openlab/x certain default a.py:1");
        }

        @Test
        void withBinaryContentAreSkipped() throws Exception {
            Files.write(sources.project().resolve("a.py"), ("\0" + CALL).getBytes(StandardCharsets.ISO_8859_1));
            assertThat(sources.places()).isEmpty();
        }

        @Test
        void withALargeNotebookAreReadInLittleMemory() throws Exception {
            String output = "\"" + "A".repeat(1 << 20) + "\",\n";
            sources.with(
                    "a.ipynb",
                    "{\"cells\": [{\"cell_type\": \"code\", \"outputs\": [\n" + output.repeat(20)
                            + "\"\"], \"source\": [\"AutoModel.from_pretrained('openlab/x')\"]}]}");

            assertThat(sources.places()).containsExactly("hf:openlab/x certain default a.ipynb:22");
        }

        @Test
        @DisabledOnOs(OS.WINDOWS)
        void withNamesThatHaveEscapesArePrintedHarmlessly() throws Exception {
            Discovery.Result result = sources.with("a\u001b[31mred.py", CALL).find();

            assertThat(String.join("\n", new DiscoverText(sources.project(), 50).lines(result)))
                    .contains("hf:openlab/x")
                    .doesNotContain("\u001b");
            assertThat(JsonWriter.write(DiscoverJson.of(result))).doesNotContain("\\u001b");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "URL = 'https://user:hunter2hunter2@host.example.openlab/model.onnx'",
                "URL = 'https://host.example.openlab/model.onnx?token=hunter2hunter2'",
                "URL = 'https://host.example.openlab/model.onnx?X-Amz-Signature=hunter2hunter2'",
                "MODEL = 'openlab/hf_hunter2hunter2hunter2'",
                "hf_hub_download('openlab/x', filename='hf_hunter2hunter2hunter2')",
                "AutoModel.from_pretrained('openlab/x', revision='hf_hunter2hunter2hunter2', token='hf_hunter2hunter2hunter2')"
            })
    void secretsAreNotPrinted(String python) throws Exception {
        Discovery.Result result = sources.with("a.py", python).find();

        assertThat(JsonWriter.write(DiscoverJson.of(result))).doesNotContain("hunter2");
        assertThat(new DiscoverText(sources.project(), 0).lines(result)).noneMatch(line -> line.contains("hunter2"));
    }

    @Nested
    class InOldCaches {

        private void hub(Path root, String name) throws Exception {
            Path repository = root.resolve("models--openlab--" + name);
            Path snapshot =
                    Files.createDirectories(repository.resolve("snapshots").resolve("a".repeat(40)));
            Files.createDirectories(repository.resolve("refs"));
            Files.writeString(repository.resolve("refs/main"), "a".repeat(40));
            Files.write(snapshot.resolve("model.bin"), new byte[1000]);
        }

        @Test
        void thoseOfTheProjectAreProposed() throws Exception {
            hub(sources.project().resolve("shared/model-cache/huggingface/hub"), "old");

            assertThat(sources.places())
                    .containsExactly("hf:openlab/old likely default shared/model-cache/huggingface/hub:0");
        }

        @Test
        void otherFilesInTheBaseFolderAreNoCheckpoints() throws Exception {
            sources.with(".cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");
            assertThat(sources.find().caches().places()).isEmpty();

            sources.with(".cache/resnet.pth", "weights");
            assertThat(sources.find().caches().places())
                    .singleElement()
                    .satisfies(place ->
                            assertThat(place.models()).containsOnlyKeys(new ModelReference("torch", "resnet.pth")));
        }

        @Test
        void thoseOfTheHomeFolderAreCounted() throws Exception {
            hub(sources.home().resolve(".cache/huggingface/hub"), "x");
            hub(sources.home().resolve(".cache/huggingface/hub"), "of-another-project");

            Discovery.Result result = sources.with("a.py", CALL).find();
            List<String> lines = new DiscoverText(sources.project(), 50).lines(result);

            assertThat(result.models()).hasSize(1);
            assertThat(lines).anySatisfy(line -> assertThat(line).contains("\"hf:openlab/x\"", "1.0 kB in old caches"));
            assertThat(lines).anySatisfy(line -> assertThat(line).contains("2 models, 1 named by the sources"));
        }
    }
}
