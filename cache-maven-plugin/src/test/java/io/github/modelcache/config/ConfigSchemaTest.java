package io.github.modelcache.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConfigSchemaTest {
    private Validator validator = new ValidatorFactory()
            .withJsonNodeFactory(new TestJsonNode.Factory())
            .createValidator();

    private URI schema = URI.create("");

    @BeforeAll
    void loadSchema() throws IOException {
        schema = validator.registerSchema(shipped());
    }

    private static String shipped() throws IOException {
        try (InputStream in =
                ConfigSchemaTest.class.getResourceAsStream("/io/github/modelcache/hardware_cache.schema.json")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void requireValid(String text) {
        Validator.Result result = validator.validate(schema, text);
        assertThat(result.getErrors().stream().map(error -> error.getInstanceLocation() + " " + error.getError()))
                .isEmpty();
        assertThat(result.isValid()).isTrue();
    }

    private static Path file(Path folder, String text) throws IOException {
        return Files.writeString(folder.resolve("hardware_cache.json"), text);
    }

    @Test
    void theCopyForPeopleIsTheOneThatIsShipped() throws IOException {
        Path copy = Path.of("..", "docs", "hardware_cache.schema.json");
        assertThat(Files.readString(copy).replace("\r\n", "\n"))
                .isEqualTo(shipped().replace("\r\n", "\n"));
        assertThat(shipped()).contains("\"$id\": \"" + ConfigCompletion.SCHEMA_URL + "\"");
    }

    @Test
    void theExampleInTheDocsIsValid() throws Exception {
        String page =
                Files.readString(Path.of("..", "docs", "configuration.md")).replace("\r\n", "\n");
        int start = page.indexOf("{\n  \"$schema\"");
        String example = page.substring(start, page.indexOf("```", start));
        requireValid(example);
        assertThat(ConfigReader.read(folder, file(folder, example)).models()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                Samples.EXAMPLE,
                "{\"x-own\": [1], \"cache\": {\"own\": null, \"models\": [{\"model\": \"hf:a\", \"own\": 1}]}}",
                "{\"cache\": {\"warn_size\": 0, \"max_size\": 5000000000, \"application_cache_expiry_days\": 9e1}}",
                "{\"cache\": {\"warn_size\": \" 17b \", \"max_size\": \"1.5 GiB\"}}",
                "{\"cache\": {\"base_dir\": \"/mnt/models\", \"transformers_cache\": \"a/../b\", \"xdg_cache_home\":"
                        + " \"..x\"}}",
                "{\"cache\": {\"application_caches\": {\"a.b-c_d\": {\"path\": \"x\", \"expiry_days\": 1}}}}",
                "{\"cache\": {\"environment\": {\"OLLAMA_MODELS\": \".cache/ollama\"}, \"mirrors\":"
                        + " {\"https://a.example/x/\": \"http://b.example:8080/\", \"https://a.example/f\":"
                        + " \"file:/f\"}}}",
                "{\"hardware\": {\"gpu_name\": null, \"gpu_memory_gib\": null, \"own\": {}}}",
                "{\"environments\": {\"e\": {\"requirements\": \"r.txt\", \"own\": 1}}}"
            })
    void schemaAndReaderAcceptTheSame(String text) throws Exception {
        requireValid(text);
        ConfigReader.read(folder, file(folder, text));
    }

    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @EnumSource(HardwareMode.class)
    void theCompletedConfigIsValid(HardwareMode mode) throws Exception {
        List<String> names = List.of("common", "whisperx", "mlx", "own-one");
        Path file = folder.resolve("completed.json");
        Files.deleteIfExists(file);
        requireValid(
                ConfigCompletion.completed(folder, file, Samples.MAC, mode, ProjectProfile.PIPELINE, names, Samples.NOW)
                        .orElseThrow());
        Files.writeString(file, "{\"cache\": {\"base_dir\": \"/mnt/x\", \"max_size\": 1000}}");
        requireValid(ConfigCompletion.completed(
                        folder, file, Samples.LINUX, mode, ProjectProfile.PIPELINE, names, Samples.NOW)
                .orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "\"text\"",
                "null",
                "{\"$schema\": 1}",
                "{\"version\": 1}",
                "{\"created_at\": null}",
                "{\"hardware\": []}",
                "{\"hardware\": {\"platform\": 1}}",
                "{\"hardware\": {\"machine\": null}}",
                "{\"hardware\": {\"has_cuda\": \"yes\"}}",
                "{\"hardware\": {\"has_mps\": 0}}",
                "{\"hardware\": {\"has_mlx\": null}}",
                "{\"hardware\": {\"cpu_cores\": 1.5}}",
                "{\"hardware\": {\"memory_gib\": -1}}",
                "{\"hardware\": {\"gpu_name\": []}}",
                "{\"hardware\": {\"gpu_memory_gib\": \"24\"}}",
                "{\"environments\": [\"common\"]}",
                "{\"environments\": {\"common\": \"venv/common\"}}",
                "{\"environments\": {\"a/b\": {}}}",
                "{\"environments\": {\"..\": {}}}",
                "{\"environments\": {\"\": {}}}",
                "{\"environments\": {\"a b\": {}}}",
                "{\"environments\": {\"a\": {\"path\": 1}}}",
                "{\"environments\": {\"a\": {\"path\": \"\"}}}",
                "{\"environments\": {\"a\": {\"purpose\": []}}}",
                "{\"environments\": {\"a\": {\"stages\": \"asr\"}}}",
                "{\"environments\": {\"a\": {\"stages\": [1]}}}",
                "{\"environments\": {\"a\": {\"enabled\": \"true\"}}}",
                "{\"environments\": {\"a\": {\"requirements\": \"../../r.txt\"}}}",
                "{\"workflow_to_environments_mapping\": []}",
                "{\"workflow_to_environments_mapping\": {\"a\": \"common\"}}",
                "{\"workflow_to_environments_mapping\": {\"a\": [null]}}",
                "{\"stage_to_environment_mapping\": \"x\"}",
                "{\"stage_to_environment_mapping\": {\"a\": [\"common\"]}}",
                "{\"stage_to_environment_mapping\": {\"a\": \"\"}}",
                "{\"cache\": []}",
                "{\"cache\": null}",
                "{\"cache\": \".cache\"}",
                "{\"cache\": {\"base_dir\": 1}}",
                "{\"cache\": {\"base_dir\": \"\"}}",
                "{\"cache\": {\"base_dir\": \"  \"}}",
                "{\"cache\": {\"base_dir\": \"../x\"}}",
                "{\"cache\": {\"base_dir\": \"~/x\"}}",
                "{\"cache\": {\"base_dir\": \"a\\u0000b\"}}",
                "{\"cache\": {\"base_dir\": \"a\\nb\"}}",
                "{\"cache\": {\"torch_home\": [\".cache/torch\"]}}",
                "{\"cache\": {\"torch_home\": \"~\"}}",
                "{\"cache\": {\"hf_home\": null}}",
                "{\"cache\": {\"mlx_home\": {}}}",
                "{\"cache\": {\"transformers_cache\": true}}",
                "{\"cache\": {\"xdg_cache_home\": \"\"}}",
                "{\"cache\": {\"application_caches\": [\"a\"]}}",
                "{\"cache\": {\"application_caches\": {\"a\": 1}}}",
                "{\"cache\": {\"application_caches\": {\"a\": \"\"}}}",
                "{\"cache\": {\"application_caches\": {\"a/b\": \"x\"}}}",
                "{\"cache\": {\"application_caches\": {\"a\": {}}}}",
                "{\"cache\": {\"application_caches\": {\"a\": {\"path\": \"x\", \"expiry_days\": \"90\"}}}}",
                "{\"cache\": {\"application_caches\": {\"a\": {\"path\": \"x\", \"expiry_days\": 0}}}}",
                "{\"cache\": {\"application_cache_expiry_days\": \"90d\"}}",
                "{\"cache\": {\"application_cache_expiry_days\": -1}}",
                "{\"cache\": {\"application_cache_expiry_days\": 1.5}}",
                "{\"cache\": {\"application_cache_expiry_days\": 1e99}}",
                "{\"cache\": {\"warn_size\": \"much\"}}",
                "{\"cache\": {\"warn_size\": -1}}",
                "{\"cache\": {\"warn_size\": \"20 G\"}}",
                "{\"cache\": {\"max_size\": true}}",
                "{\"cache\": {\"max_size\": 1.5}}",
                "{\"cache\": {\"max_size\": \"1.5\"}}",
                "{\"cache\": {\"environment\": []}}",
                "{\"cache\": {\"environment\": {\"A\": 1}}}",
                "{\"cache\": {\"environment\": {\"A\": \"\"}}}",
                "{\"cache\": {\"environment\": {\"A=B\": \"x\"}}}",
                "{\"cache\": {\"environment\": {\"1A\": \"x\"}}}",
                "{\"cache\": {\"mirrors\": \"https://b.example/\"}}",
                "{\"cache\": {\"mirrors\": {\"https://a.example/\": null}}}",
                "{\"cache\": {\"mirrors\": {\"https://a.example\": \"https://b.example/\"}}}",
                "{\"cache\": {\"mirrors\": {\"ftp://a.example/\": \"https://b.example/\"}}}",
                "{\"cache\": {\"mirrors\": {\"https://a.example/\": \"https://user:secret@b.example/\"}}}",
                "{\"cache\": {\"mirrors\": {\"https://a.example/\": \"b.example/\"}}}",
                "{\"cache\": {\"models\": {}}}",
                "{\"cache\": {\"models\": \"hf:a/b\"}}",
                "{\"cache\": {\"models\": [1]}}",
                "{\"cache\": {\"models\": [null]}}",
                "{\"cache\": {\"models\": [[\"hf:a/b\"]]}}",
                "{\"cache\": {\"models\": [\"a/b\"]}}",
                "{\"cache\": {\"models\": [\"\"]}}",
                "{\"cache\": {\"models\": [\"hf:a/b\", \"hf:a/b\"]}}",
                "{\"cache\": {\"models\": [{}]}}",
                "{\"cache\": {\"models\": [{\"model\": 1}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"revision\": 1}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"revision\": \"\"}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"include\": \"*.bin\"}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"exclude\": [\"\"]}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"optional\": \"yes\"}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"sha256\": \"abc\"}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"name\": \"a b\"}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"sha256\": \"sha256:" + HEX_64 + "\"}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"to\": \"\"}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"to\": \"/etc/x\"}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"to\": \"../x\"}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"to\": \"a/../../x\"}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"to\": \"a//x\"}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"to\": \"a\\\\x\"}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"to\": \"C:/x\"}]}}",
                "{\"cache\": {\"models\": [{\"model\": \"hf:a\", \"to\": 1}]}}"
            })
    void schemaAndReaderRefuseTheSame(String text) throws IOException {
        assertThat(validator.validate(schema, text).isValid()).isFalse();
        Path file = file(folder, text);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigReader.read(folder, file))
                .withMessageMatching("(?s)hardware_cache\\.json:1:\\d+: .*(found|is not a model).*(expected|write).*");
    }

    private static final String HEX_64 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
}
