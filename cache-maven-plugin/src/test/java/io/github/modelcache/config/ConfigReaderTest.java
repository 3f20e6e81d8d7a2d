package io.github.modelcache.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    private static final Path FILE = Path.of("config", "hardware_cache.json");

    @TempDir
    Path temporary = Path.of("");

    private Path project = Path.of("");

    @BeforeEach
    void createProject() throws IOException {
        project = Files.createDirectories(temporary.resolve("a project é"));
        Files.createDirectories(project.resolve("config"));
    }

    private CacheConfig read(String text) throws Exception {
        Files.writeString(project.resolve(FILE), text);
        return ConfigReader.read(project, FILE);
    }

    private CacheConfig moved(String baseDir) throws Exception {
        return ConfigReader.read(project, FILE, Optional.of(Path.of(baseDir)), warning -> {});
    }

    private String failure(String text) throws IOException {
        Files.writeString(project.resolve(FILE), text);
        return failure();
    }

    private String failure() {
        ConfigException exception = Objects.requireNonNull(
                catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(project, FILE)));
        return String.valueOf(exception.getMessage());
    }

    @Test
    void aMissingFileMeansAllDefaults() throws Exception {
        CacheConfig config = ConfigReader.read(project, FILE);
        assertThat(config.present()).isFalse();
        assertThat(config.projectRoot()).isEqualTo(project);
        assertThat(config.file()).isEqualTo(project.resolve(FILE));
        assertThat(config.roots().stream()
                        .map(root -> root.kind() + " " + root.name() + " "
                                + project.relativize(root.path()).toString().replace(File.separatorChar, '/')))
                .containsExactly(
                        "MODEL torch .cache/torch",
                        "MODEL huggingface .cache/huggingface",
                        "MODEL mlx .cache/mlx",
                        "MODEL whisper .cache/whisper",
                        "MODEL models .cache/models",
                        "MODEL djl .cache/djl");
        assertThat(config.warnBytes()).isEqualTo(20_000_000_000L);
        assertThat(config.maxBytes()).isEqualTo(40_000_000_000L);
        assertThat(config.models()).isEmpty();
        assertThat(config.environments()).isEmpty();
        assertThat(config.hardware()).isEmpty();
        assertThat(config.transformersCache()).isEmpty();
        assertThat(config.xdgCacheHome()).isEmpty();
    }

    @Test
    void anEmptyObjectMeansAllDefaultsToo() throws Exception {
        assertThat(read("\uFEFF{ }").roots())
                .isEqualTo(ConfigReader.read(project, Path.of("none")).roots());
        assertThat(read("{}").present()).isTrue();
    }

    @Test
    void readsTheWholeExample() throws Exception {
        CacheConfig config = read(Samples.EXAMPLE);
        assertThat(config.models())
                .hasSize(6)
                .contains(
                        ModelDeclaration.of(ModelReference.parse("whisper:base")),
                        new ModelDeclaration(
                                ModelReference.parse("hf:pyannote/segmentation-3.0"),
                                Optional.of("main"),
                                List.of("*.bin", "*.yaml"),
                                List.of(),
                                true,
                                Optional.empty(),
                                Optional.empty()),
                        new ModelDeclaration(
                                ModelReference.parse("url:https://example.org/vad.onnx"),
                                Optional.empty(),
                                List.of(),
                                List.of(),
                                false,
                                Optional.of(Digest.sha256(
                                        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")),
                                Optional.of("vad/vad.onnx")));
        assertThat(config.environments().keySet()).containsExactly("common", "whisperx", "mlx");
        assertThat(config.environments().get("whisperx"))
                .isEqualTo(new PythonEnvironment(
                        "whisperx",
                        project.resolve("venv/whisperx"),
                        Optional.of("transcription"),
                        List.of("asr", "alignment"),
                        true,
                        Optional.empty()));
        assertThat(config.workflows()).isEqualTo(Map.of("transcribe", List.of("common", "whisperx")));
        assertThat(config.stages()).isEqualTo(Map.of("demux", "common", "asr", "whisperx"));
        assertThat(config.hardware().orElseThrow().platform()).isEqualTo("linux");
    }

    @Test
    void readsBudgetsOfSingleRoots() throws Exception {
        CacheConfig config = read("""
                {"cache": {"budgets": {
                  "huggingface": {"warn_size": "1kB", "max_size": "2kB"}, "tmdb": {"max_size": 7}, "mlx": {"warn_size": 5}},
                  "application_caches": {"tmdb": "out/tmdb_cache"}}}
                """);
        assertThat(config.budgets())
                .isEqualTo(Map.of(
                        "huggingface", new Budget(1000, 2000),
                        "tmdb", new Budget(7, 7),
                        "mlx", new Budget(5, Long.MAX_VALUE)));
        assertThat(moved("elsewhere").budgets()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"pytorch\": {\"max_size\": 1}}|cache.budgets.pytorch: found the name \"pytorch\"; expected a cache of"
                        + " this project: torch, huggingface, mlx, whisper, models, djl",
                "{\"torch\": \"5GB\"}|cache.budgets.torch: found the string \"5GB\"; expected an object",
                "{\"torch\": {}}|cache.budgets.torch: found neither \"warn_size\" nor \"max_size\"",
                "{\"torch\": {\"max_size\": \"lots\"}}|cache.budgets.torch.max_size: found the string \"lots\"",
                "{\"torch\": {\"warn_size\": -1}}|cache.budgets.torch.warn_size: found the number -1",
                "{\"torch\": {\"warn_size\": 5, \"max_size\": 4}}|cache.budgets.torch.warn_size: found the number 5, which"
                        + " is above its max_size (the number 4); expected a size up to that",
                "[]|cache.budgets: found an array; expected an object of caches and their budgets"
            })
    void rejectsAnEmptyBudget(String budgetAndMessage) {
        String[] parts = budgetAndMessage.split("\\|", 2);
        assertThatThrownBy(() -> read("{\"cache\": {\"budgets\": " + parts[0] + "}}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(parts[1]);
    }

    @Test
    void readsWhatTheExampleLeavesOut() throws Exception {
        CacheConfig config = read("""
                {"cache": {
                  "transformers_cache": "t", "xdg_cache_home": "x", "warn_size": 5, "max_size": "1KiB",
                  "application_cache_expiry_days": 7,
                  "application_caches": {"a": "c/a", "b": {"path": "c/b", "expiry_days": 1}, "d": {"path": "c/d"}},
                  "environment": {"OLLAMA_MODELS": ".cache/ollama"},
                  "mirrors": {"https://download.pytorch.org/": "https://artifacts.example.com/pytorch/"}},
                 "environments": {"e": {"requirements": "r.txt", "enabled": false}, "f": {}}}
                """);
        assertThat(config.transformersCache()).contains(project.resolve("t"));
        assertThat(config.xdgCacheHome()).contains(project.resolve("x"));
        assertThat(config.warnBytes()).isEqualTo(5);
        assertThat(config.maxBytes()).isEqualTo(1024);
        assertThat(config.applicationCaches())
                .containsExactly(
                        new ApplicationCache("a", project.resolve("c/a"), Duration.ofDays(7)),
                        new ApplicationCache("b", project.resolve("c/b"), Duration.ofDays(1)),
                        new ApplicationCache("d", project.resolve("c/d"), Duration.ofDays(7)));
        assertThat(config.environment())
                .isEqualTo(
                        Map.of("OLLAMA_MODELS", project.resolve(".cache/ollama").toString()));
        assertThat(config.mirrors()).hasSize(1);
        assertThat(Objects.requireNonNull(config.environments().get("e")).requirements())
                .contains(project.resolve("r.txt"));
        assertThat(Objects.requireNonNull(config.environments().get("f")).path())
                .isEqualTo(project.resolve("venv/f"));
    }

    @ParameterizedTest
    @CsvSource({
        ".cache/ollama, true", // below the base folder
        "./.cache/../.cache/x, true",
        "./out/models, true", // written as a path
        "../models, true",
        "out/models, false", // which may be a model of the hub
        "Systran/faster-whisper-base, false",
        ".cache, false",
        "./a:./b, false", // a list of paths
        "hf:o/n, false",
        "https://h/.cache/x, false",
        "1, false"
    })
    void aVariableThatIsMeantAsAPathIsAbsolute(String value, boolean path) throws Exception {
        CacheConfig config = read("{\"cache\": {\"environment\": {\"X\": \"" + value + "\"}}}");
        assertThat(config.environment())
                .isEqualTo(Map.of("X", path ? project.resolve(value).normalize().toString() : value));
    }

    @Test
    void theFoldersInTheBaseFolderThatVariablesLeadToAreCaches() throws Exception {
        CacheConfig config = read("""
                {"cache": {"xdg_cache_home": ".cache/xdg", "transformers_cache": ".cache/huggingface/hub", "environment": {
                  "OLLAMA_MODELS": ".cache/ollama", "SAME": "./.cache/ollama", "WITHIN": ".cache/torch/own",
                  "ALL": "./.cache", "ELSEWHERE": "./out/x", "PROGRAMS": ".cache/programs", "REPORTS": ".cache/reports/x"},
                  "budgets": {"ollama": {"max_size": "5GB"}}},
                 "environments": {"e": {"path": ".cache/programs/e"}}}
                """);
        assertThat(config.roots())
                .filteredOn(CacheRoot::optional)
                .extracting(CacheRoot::name)
                .containsExactlyInAnyOrder("djl", "xdg", "ollama", "reports/x");
        CacheConfig moved = moved("elsewhere");
        assertThat(moved.environment())
                .containsEntry(
                        "OLLAMA_MODELS", project.resolve("elsewhere/ollama").toString());
        assertThat(moved.roots()).extracting(CacheRoot::path).contains(project.resolve("elsewhere/ollama"));
    }

    @Test
    void missingRootsFollowTheBaseFolder() throws Exception {
        CacheConfig config = read("{\"cache\": {\"base_dir\": \"big/./models/\", \"hf_home\": \"hf\"}}");
        assertThat(config.baseDir()).isEqualTo(project.resolve("big/models"));
        assertThat(config.torchHome()).isEqualTo(project.resolve("big/models/torch"));
        assertThat(config.hfHome()).isEqualTo(project.resolve("hf"));
        assertThat(config.modelsHome()).isEqualTo(project.resolve("big/models/models"));
    }

    @Test
    void absolutePathsAreUsedAsTheyAre() throws Exception {
        Path mount = temporary.resolve("mount");
        CacheConfig config =
                read("{\"cache\": {\"base_dir\": \"" + mount.toString().replace("\\", "\\\\") + "\"}}");
        assertThat(config.whisperHome()).isEqualTo(mount.resolve("whisper"));
    }

    @Test
    void aMissingWarnSizeIsNeverAboveTheMaximum() throws Exception {
        assertThat(read("{\"cache\": {\"max_size\": \"1GB\"}}").warnBytes()).isEqualTo(1_000_000_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"environments\": []}|environments: found an array; expected an object of environments such as",
                "{\"environments\": {\"a\": null}}|environments.a: found null; expected an object such as {\"path\":",
                "{\"environments\": {\"a\": \"venv/a\"}}|environments.a: found the string \"venv/a\"; expected an object",
                "{\"environments\": {\"a\": {\"path\": 1}}}|environments.a.path: found the number 1; expected a path such as",
                "{\"environments\": {\"a\": {\"path\": \"\"}}}|environments.a.path: found the string \"\"; expected a path",
                "{\"environments\": {\"a\": {\"path\": \"../a\"}}}|environments.a.path: found the string \"../a\", which leaves",
                "{\"environments\": {\"a\": {\"path\": \"~/a\"}}}|environments.a.path: found the string \"~/a\"; ~ is not",
                "{\"environments\": {\"a\": {\"path\": \".cache/torch/a\"}}}|environments.a.path: the environment a"
                        + " (.cache/torch/a) is in the torch cache (.cache/torch), where cleaning would delete it",
                "{\"environments\": {\"a\": {}}, \"cache\": {\"hf_home\": \"venv\"}}|environments.a: the environment a (venv/a)"
                        + " is in the huggingface cache (venv)",
                "{\"environments\": {\"a\": {\"enabled\": \"yes\"}}}|environments.a.enabled: found the string \"yes\"; expected"
                        + " true or false",
                "{\"environments\": {\"a\": {\"stages\": \"asr\"}}}|environments.a.stages: found the string \"asr\"; expected an"
                        + " array of stages",
                "{\"environments\": {\"a\": {\"requirements\": [\"x\"]}}}|environments.a.requirements: found an array; expected a"
                        + " path",
                "{\"environments\": {\"a\": {\"purpose\": 1}}}|environments.a.purpose: found the number 1; expected a string",
                "{\"environments\": {\"..\": {}}}|environments.\"..\": found the name \"..\"; expected the name of an environment",
                "{\"stage_to_environment_mapping\": [\"a\"]}|stage_to_environment_mapping: found an array; expected an object of"
                        + " stages",
                "{\"stage_to_environment_mapping\": {\"a\": {\"b\": 1}}}|stage_to_environment_mapping.a: found an object;"
                        + " expected the name of an environment",
                "{\"stage_to_environment_mapping\": {\"a\": \" \"}}|stage_to_environment_mapping.a: found the string \" \";"
                        + " expected the name of an environment",
                "{\"workflow_to_environments_mapping\": {\"a\": \"b\"}}|workflow_to_environments_mapping.a: found the string"
                        + " \"b\"; expected an array of names",
                "{\"workflow_to_environments_mapping\": {\"a\": [1]}}|workflow_to_environments_mapping.a[0]: found the number 1;"
                        + " expected a string"
            })
    void describesTheProblemOfAnEnvironment(String text, String message) throws IOException {
        assertThat(failure(text)).startsWith("config/hardware_cache.json:1:").contains(": " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"cache\": {\"torch_home\": 12}}"
                        + "|1:26: cache.torch_home: found the number 12; expected a path such as \".cache/torch\"",
                "{\"cache\": []}|1:11: cache: found an array; expected an object such as {\"base_dir\": \".cache\"}",
                "[]|1:1: found an array; expected an object",
                "{\"cache\": {\"hf_home\": \"\"}}"
                        + "|1:23: cache.hf_home: found the string \"\"; expected a path such as \".cache/huggingface\"",
                "{\"cache\": {\"hf_home\": \"../../x\"}}"
                        + "|1:23: cache.hf_home: found the string \"../../x\", which leaves the project; expected a relative"
                        + " path inside the project, or an absolute path",
                "{\"cache\": {\"hf_home\": \"a/../../x\"}}"
                        + "|1:23: cache.hf_home: found the string \"a/../../x\", which leaves the project; expected a relative"
                        + " path inside the project, or an absolute path",
                "{\"cache\": {\"hf_home\": \"~/hf\"}}"
                        + "|1:23: cache.hf_home: found the string \"~/hf\"; ~ is not expanded here, so write the absolute path",
                "{\"cache\": {\"hf_home\": \"a\\u0000\"}}"
                        + "|1:23: cache.hf_home: found the string \"a\\u0000\", which contains a control character; write each"
                        + " backslash twice, or /; expected a path such as \".cache/huggingface\"",
                "{\"cache\": {\"base_dir\": \"D:\\models\"}}"
                        + "|1:28: unrecognized character escape 'm' (code 109); write each backslash twice, or / in a path",
                "{\"cache\": {\"base_dir\": \".\"}}"
                        + "|1:24: cache.base_dir: found the string \".\", which contains the project itself; expected a folder"
                        + " for caches alone, such as \".cache\"",
                "{\"cache\": {\"warn_size\": \"50GB\"}}"
                        + "|1:25: cache.warn_size: found the string \"50GB\", which is above cache.max_size, which is"
                        + " \"40GB\" unless you set it; expected a size up to that, or a larger cache.max_size",
                "{\"cache\": {\"warn_size\": 5, \"max_size\": 4}}"
                        + "|1:25: cache.warn_size: found the number 5, which is above cache.max_size (the number 4);"
                        + " expected a size up to that, or a larger cache.max_size",
                "{\"cache\": {\"models\": [\"hf:a/b\",⏎{\"model\": \"hf:a/b\"}]}}"
                        + "|2:11: cache.models[1].model: found the string \"hf:a/b\" a second time (the first is on line 1);"
                        + " expected each model once, or with another \"revision\"",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a/b\", \"to\": \"../x\"}]}}"
                        + "|1:49: cache.models[0].to: found the string \"../x\", which leaves its folder; expected a file"
                        + " name below the models folder such as \"vad/vad.onnx\"",
                "{\"cache\": {\"models\": [{\"model\": \"url:a\", \"to\": \"x\"}, {\"model\": \"url:b\", \"to\": \"x\"}]}}"
                        + "|1:79: cache.models[1].to: found the string \"x\", which another model has on line 1; expected"
                        + " each file name once",
                "{\"environments\": {\"a/b\": {}}}"
                        + "|1:26: environments.\"a/b\": found the name \"a/b\"; expected the name of an environment to have"
                        + " letters, digits, '_', '-' and '.', at most 64, and neither '.' nor '-' at an end",
                "{\"cache\": {\"mirrors\": {\"https://a.example/\": \"https://b.example/x\"}}}"
                        + "|1:46: cache.mirrors.\"https://a.example/\": found the string \"https://b.example/x\" for the"
                        + " prefix \"https://a.example/\"; expected both to end with '/', or neither",
                "{\"cache\": {\"base_dir\": \"a\", \"base_dir\": \"b\"}}"
                        + "|1:29: found the member \"base_dir\" a second time (the first is on line 1); expected each name once"
            })
    void describesTheProblemAndItsPosition(String text, String message) throws IOException {
        assertThat(failure(text.replace('⏎', '\n'))).isEqualTo("config/hardware_cache.json:" + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"torch_home\": \".cache/huggingface/torch\"|cache.torch_home: the torch cache (.cache/huggingface/torch)"
                        + " is in the huggingface cache (.cache/huggingface)",
                "\"hf_home\": \".cache\"|cache.hf_home: the torch cache (.cache/torch) is in the huggingface cache (.cache)",
                "\"mlx_home\": \".cache/torch\"|cache.mlx_home: the mlx cache (.cache/torch) is the same folder as the torch"
                        + " cache (.cache/torch)",
                "\"torch_home\": \".cache/models/x\"|cache.torch_home: the torch cache (.cache/models/x) is in the models"
                        + " cache (.cache/models)",
                "\"application_caches\": {\"a\": \".cache/torch/a\"}|cache.application_caches.a: the a cache (.cache/torch/a)"
                        + " is in the torch cache (.cache/torch)",
                "\"application_caches\": {\"a\": \"out\", \"b\": \"out/b\"}|cache.application_caches.b: the b cache (out/b) is"
                        + " in the a cache (out)",
                "\"application_caches\": {\"a\": {\"path\": \"out/\"}, \"b\": \"./out\"}|cache.application_caches.b: the b cache"
                        + " (out) is the same folder as the a cache (out)",
                "\"base_dir\": \"out/tmdb_cache\", \"application_caches\": {\"tmdb\": \"out/tmdb_cache\"}|cache.application_caches.tmdb: the torch cache (out/tmdb_cache/torch) is in the tmdb cache"
                        + " (out/tmdb_cache)"
            })
    void rejectsRootsInsideOtherRoots(String members, String message) throws IOException {
        assertThat(failure("{\"cache\": {" + members + "}}")).endsWith(": " + message + "; expected separate folders");
    }

    @Test
    void rejectsRootsThatHoldTheProject() throws IOException {
        for (Path path : List.of(project, temporary, Objects.requireNonNull(project.getRoot()))) {
            String quoted = path.toString().replace("\\", "\\\\");
            assertThat(failure("{\"cache\": {\"torch_home\": \"" + quoted + "\"}}"))
                    .contains("cache.torch_home: ", "which contains the project itself");
        }
    }

    @Test
    void rejectsAPathOfAnotherSystem() throws IOException {
        assumeTrue(File.separatorChar == '/');
        assertThat(failure("{\"cache\": {\"base_dir\": \"D:/models\"}}"))
                .contains("which is neither relative nor absolute on this system");
    }

    @Test
    void namesLineAndColumnOfBrokenJson() throws IOException {
        assertThat(failure("{\n  \"cache\": {\n    \"models\": [,]\n  }\n}"))
                .startsWith("config/hardware_cache.json:3:16: unexpected character (',' ");
        assertThat(failure(""))
                .isEqualTo("config/hardware_cache.json:1:1: found nothing; expected a JSON value such as {}");
        assertThat(failure("{\"cache\":")).startsWith("config/hardware_cache.json:1:10: unexpected end-of-input");
    }

    @Test
    void rejectsDeepNestingAtOnce() throws IOException {
        assertThat(failure("{\"own\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}"))
                .contains("deeper than 200 levels");
    }

    @Test
    void readsTenMegabytesOfOtherPeoplesMembers() throws Exception {
        assertThat(read("{\"own\": [" + "\"0123456789\",".repeat(800_000) + "1], \"cache\": {\"base_dir\": \"x\"}}")
                        .baseDir())
                .isEqualTo(project.resolve("x"));
    }

    @Test
    void rejectsOtherEncodingsThanUtf8() throws IOException {
        Files.write(project.resolve(FILE), "{\"a\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(failure()).startsWith("config/hardware_cache.json:1:8: found the byte 0xE9, which is not UTF-8");
    }

    @Test
    void rejectsAFolderInPlaceOfTheFile() throws IOException {
        Files.createDirectory(project.resolve(FILE));
        assertThat(failure()).isEqualTo("config/hardware_cache.json: found a folder; expected a JSON file");
    }

    @Test
    void rejectsLinksThatLeadNowhere() throws IOException {
        assumeTrue(File.separatorChar == '/');
        Files.createSymbolicLink(project.resolve(FILE), Path.of("gone.json"));
        assertThat(failure()).contains("found a broken link");
        Files.delete(project.resolve(FILE));
        Files.createSymbolicLink(project.resolve(FILE), FILE.getFileName());
        assertThat(failure()).contains("cannot be read");
    }

    @Test
    void rejectsAnUnreadableFile() throws IOException {
        Path file = Files.writeString(project.resolve(FILE), "{}");
        assumeTrue(file.toFile().setReadable(false) && !Files.isReadable(file));
        assertThat(failure()).contains("found a file which you may not read");
    }

    @Test
    void rejectsAFileInPlaceOfItsFolder() throws IOException {
        Files.delete(project.resolve("config"));
        Files.writeString(project.resolve("config"), "");
        assumeTrue(File.separatorChar == '/');
        assertThat(failure()).contains("config/hardware_cache.json: cannot be read");
    }

    @Test
    void aFileOutsideTheProjectIsNamedByItsWholePath() {
        Path elsewhere = temporary.resolve("elsewhere");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigReader.read(project, Files.writeString(elsewhere, "[")))
                .withMessageStartingWith(elsewhere + ":1:2: ");
    }

    @Test
    void movesPathsBelowTheBaseFolder() throws Exception {
        read("{\"cache\": {\"hf_home\": \"hf\", \"transformers_cache\": \".cache/t\","
                + " \"application_caches\": {\"a\": \".cache/a\", \"b\": \"out/b\"}}}");
        CacheConfig moved = moved("elsewhere");
        Path base = project.resolve("elsewhere");
        assertThat(moved.baseDir()).isEqualTo(base);
        assertThat(moved.torchHome()).isEqualTo(base.resolve("torch"));
        assertThat(moved.whisperHome()).isEqualTo(base.resolve("whisper"));
        assertThat(moved.hfHome()).isEqualTo(project.resolve("hf"));
        assertThat(moved.transformersCache()).contains(base.resolve("t"));
        assertThat(moved.applicationCaches())
                .extracting(ApplicationCache::path)
                .containsExactly(base.resolve("a"), project.resolve("out/b"));
    }

    @Test
    void rejectsABaseFolderThatHoldsTheProjectOrAnotherCache() throws Exception {
        read("{\"cache\": {\"hf_home\": \"hf\"}}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> moved("."))
                .withMessageContaining("contains the project itself");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> moved("hf"))
                .withMessageContaining("the torch cache (hf/torch) is in the huggingface cache (hf)");
    }
}
