package io.github.modelcache.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.modelcache.hardware.Hardware;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigCompletionTest {
    private static final Path FILE = Path.of("hardware_cache.json");

    private static final String HARDWARE =
            "\"hardware\": {\"platform\": \"linux\", \"machine\": \"x86_64\", \"has_cuda\": true, \"has_mps\": false,"
                    + " \"has_mlx\": false, \"cpu_cores\": 8, \"memory_gib\": 32, \"gpu_name\": \"NVIDIA L4\","
                    + " \"gpu_memory_gib\": 24}";

    @TempDir
    Path project = Path.of("");

    private Optional<String> completed(Hardware hardware, HardwareMode mode, String... names) throws ConfigException {
        return ConfigCompletion.completed(
                project, FILE, hardware, mode, ProjectProfile.JAVA, List.of(names), Samples.NOW);
    }

    private void write(String text) throws IOException {
        Files.writeString(project.resolve(FILE), text);
    }

    /** Completes what is there, and makes sure that a second time changes nothing. */
    private String completedOnce(String text) throws Exception {
        write(text);
        String result = completed(Samples.LINUX, HardwareMode.WRITE).orElseThrow();
        write(result);
        assertThat(completed(Samples.LINUX, HardwareMode.WRITE)).isEmpty();
        return result;
    }

    @Test
    void createsAWholeConfig() throws Exception {
        String text = ConfigCompletion.completed(
                        project,
                        FILE,
                        Samples.LINUX,
                        HardwareMode.WRITE,
                        ProjectProfile.PIPELINE,
                        List.of("common", "whisperx", "mlx", "own"),
                        Samples.NOW)
                .orElseThrow();
        assertThat(text).isEqualTo("""
                        {
                          "$schema": "https://raw.githubusercontent.com/modelcache/cache-maven-plugin/main/docs/hardware_cache.schema.json",
                          "version": "1.0.0",
                          "created_at": "2026-01-31T09:00:00Z",
                          "hardware": {
                            "platform": "linux",
                            "machine": "x86_64",
                            "has_cuda": true,
                            "has_mps": false,
                            "has_mlx": false,
                            "cpu_cores": 8,
                            "memory_gib": 32,
                            "gpu_name": "NVIDIA L4",
                            "gpu_memory_gib": 24
                          },
                          "environments": {
                            "common": {
                              "path": "venv/common",
                              "purpose": "job management, muxing",
                              "stages": ["demux", "mux"]
                            },
                            "whisperx": {
                              "path": "venv/whisperx",
                              "purpose": "transcription",
                              "stages": ["asr", "alignment"]
                            },
                            "mlx": {
                              "path": "venv/mlx",
                              "purpose": "transcription on Apple Silicon",
                              "stages": ["asr"],
                              "enabled": false
                            },
                            "own": {
                              "path": "venv/own"
                            }
                          },
                          "workflow_to_environments_mapping": {
                            "transcribe": ["common", "whisperx"]
                          },
                          "stage_to_environment_mapping": {
                            "demux": "common",
                            "mux": "common",
                            "asr": "whisperx",
                            "alignment": "whisperx"
                          },
                          "cache": {
                            "base_dir": ".cache",
                            "torch_home": ".cache/torch",
                            "hf_home": ".cache/huggingface",
                            "mlx_home": ".cache/mlx",
                            "application_caches": {
                              "tmdb": "out/tmdb_cache",
                              "musicbrainz": "out/musicbrainz_cache",
                              "glossary": "glossary/cache"
                            },
                            "application_cache_expiry_days": 90,
                            "warn_size": "20GB",
                            "max_size": "40GB",
                            "models": []
                          }
                        }
                        """);
        write(text);
        assertThat(completed(Samples.LINUX, HardwareMode.WRITE, "common", "own"))
                .isEmpty();
    }

    @Test
    void appleSiliconTranscribesWithMlx() throws Exception {
        write(completed(Samples.MAC, HardwareMode.WRITE, "common", "whisperx", "mlx", "nllb", "indictrans2")
                .orElseThrow());
        CacheConfig config = ConfigReader.read(project, FILE);
        assertThat(config.stages()).containsEntry("asr", "mlx").containsEntry("alignment", "whisperx");
        assertThat(config.workflows())
                .containsEntry("transcribe", List.of("common", "whisperx", "mlx"))
                .containsEntry("translate", List.of("common", "indictrans2", "nllb"));
        assertThat(config.environments().values()).allMatch(PythonEnvironment::enabled);
        assertThat(config.hardware()).contains(Samples.MAC);
    }

    @Test
    void aJavaProjectGetsNoEnvironmentsAndNoApplicationCaches() throws Exception {
        assertThat(completed(Samples.LINUX, HardwareMode.ADD).orElseThrow())
                .contains("\"environments\": {},", "\"workflow_to_environments_mapping\": {},", "\"platform\"")
                .doesNotContain("application");
    }

    @Test
    void aPipelineThatHasAConfigAlreadyGetsItsApplicationCaches() throws Exception {
        write("{}");
        assertThat(ConfigCompletion.completed(
                        project,
                        FILE,
                        Samples.LINUX,
                        HardwareMode.ADD,
                        ProjectProfile.PIPELINE,
                        ProjectProfile.PIPELINE.environments(),
                        Samples.NOW))
                .get()
                .asString()
                .contains("out/tmdb_cache", "\"application_cache_expiry_days\": 90", "\"indictrans2\"");
    }

    @Test
    void addingTheHardwareLeavesThatOfAnotherMachine() throws Exception {
        write(Samples.EXAMPLE);
        assertThat(completed(Samples.MAC, HardwareMode.ADD)).isEmpty();
        write("{}");
        assertThat(completed(Samples.MAC, HardwareMode.ADD).orElseThrow()).contains("\"platform\": \"darwin\"");
    }

    @Test
    void keepingTheHardwareWritesNoneIntoANewFileEither() throws Exception {
        assertThat(completed(Samples.LINUX, HardwareMode.KEEP).orElseThrow()).doesNotContain("hardware\": {");
    }

    @Test
    void addsOnlyMissingMembers() throws Exception {
        String text = """
                {
                  "own": [1,2],
                  "version": "0.9",
                  "cache": {
                    "base_dir": "/mnt/x",
                    "mine": {}
                  }
                }""";
        String expectedStart = """
                {
                  "own": [1,2],
                  "version": "0.9",
                  "cache": {
                    "base_dir": "/mnt/x",
                    "mine": {},
                    "torch_home": "/mnt/x/torch",
                    "hf_home": "/mnt/x/huggingface",
                    "mlx_home": "/mnt/x/mlx",
                    "warn_size": "20GB",
                """;
        String expectedEnd = """
                  "environments": {},
                  "workflow_to_environments_mapping": {},
                  "stage_to_environment_mapping": {}
                }""";
        assertThat(completedOnce(withTabs(text)))
                .startsWith(withTabs(expectedStart))
                .contains("\t\t\"models\": []\n\t},\n\t\"created_at\": \"2026-01-31T09:00:00Z\",\n\t\"hardware\": {\n")
                .endsWith(withTabs(expectedEnd))
                .doesNotContain("$schema");
    }

    private static String withTabs(String text) {
        return text.replace("  ", "\t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"cache\":{}}",
                "{\r\n  \"cache\" : { }\r\n}\r\n",
                "\uFEFF{\"cache\": {\"models\": [\"hf:a/b\"]}, \"name\": \"\\u00e9\"}\n",
                "{\"cache\": {\"max_size\": 1000}}",
                "{\"cache\": {\"max_size\": \"1GB\", \"base_dir\": \"big/\"}}"
            })
    void completingTwiceChangesNothingTheSecondTime(String text) throws Exception {
        write(text);
        CacheConfig before = ConfigReader.read(project, FILE);
        completedOnce(text);
        CacheConfig after = ConfigReader.read(project, FILE);
        assertThat(after.roots()).isEqualTo(before.roots());
        assertThat(after.models()).isEqualTo(before.models());
        assertThat(after.warnBytes()).isEqualTo(before.warnBytes());
        assertThat(after.maxBytes()).isEqualTo(before.maxBytes());
    }

    @Test
    void doesNotChangeACompleteFile() throws Exception {
        write(Samples.EXAMPLE);
        assertThat(completed(Samples.LINUX, HardwareMode.KEEP)).isEmpty();
    }

    @Test
    void refreshesOnlyTheHardwareThatDiffers() throws Exception {
        String other = HARDWARE.replace("{\"platform\"", "{ \"rack\" :  7, \"platform\"")
                .replace("\"cpu_cores\": 8", "\"cpu_cores\": 4")
                .replace("\"has_cuda\": true", "\"has_cuda\": false");
        String complete = Samples.EXAMPLE.replaceFirst("\"hardware\": \\{[^}]*}", other);
        write(complete);
        assertThat(completed(Samples.LINUX, HardwareMode.WRITE))
                .contains(complete.replace("\"cpu_cores\": 4", "\"cpu_cores\": 8")
                        .replace("\"has_cuda\": false", "\"has_cuda\": true"));
        assertThat(completed(Samples.LINUX, HardwareMode.KEEP)).isEmpty();
        write(complete.replace("\"cpu_cores\": 4", "\"cpu_cores\": 8.0")
                .replace("\"has_cuda\": false", "\"has_cuda\": true"));
        assertThat(completed(Samples.LINUX, HardwareMode.WRITE)).isEmpty();
    }

    @Test
    void removesAMissingGraphicsCard() throws Exception {
        Hardware without =
                new Hardware("linux", "x86_64", false, false, false, 8, 32, Optional.empty(), OptionalInt.empty());
        String complete = Samples.EXAMPLE.replaceFirst("\"hardware\": \\{[^}]*}", HARDWARE);
        write(complete);
        String result = completed(without, HardwareMode.WRITE).orElseThrow();
        assertThat(result).doesNotContain("gpu_").contains("\"has_cuda\": false, ", "\"memory_gib\": 32},");
        write(result.replace("\"memory_gib\": 32}", "\"memory_gib\": 32, \"gpu_name\": null}"));
        assertThat(completed(without, HardwareMode.WRITE)).isEmpty();
    }

    @Test
    void keepingTheHardwareAddsNoneToAnExistingFile() throws Exception {
        write("{}");
        assertThat(completed(Samples.LINUX, HardwareMode.KEEP).orElseThrow()).doesNotContain("hardware");
    }

    @Test
    void addsTheEnvironmentsThatAreAskedForInTheStyleOfTheFile() throws Exception {
        write(Samples.EXAMPLE);
        assertThat(completed(Samples.LINUX, HardwareMode.KEEP, "common", "nllb"))
                .contains(Samples.EXAMPLE.replace(
                        "\"enabled\": true }\n  },",
                        "\"enabled\": true },\n    \"nllb\": { \"path\": \"venv/nllb\", \"purpose\": \"translation between 200"
                                + " languages\", \"stages\": [\"nllb_translation\"] }\n  },"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "", "..", "a b", ".hidden", "-x", "é"})
    void rejectsNamesThatCannotBeFolders(String name) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> completed(Samples.LINUX, HardwareMode.WRITE, name))
                .withMessageStartingWith("found the environment name \"" + name + "\"; expected");
    }

    @Test
    void doesNotTouchAConfigThatIsWrong() throws Exception {
        write("{\"cache\": []}");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> completed(Samples.LINUX, HardwareMode.WRITE))
                .withMessageContaining("cache: found an array");
        assertThat(Files.readString(project.resolve(FILE))).isEqualTo("{\"cache\": []}");
    }

    @Test
    void completesALargeFile() throws Exception {
        String own = "{\"own\": [" + "\"0123456789\",".repeat(80_000) + "1]";
        assertThat(completedOnce(own + "}")).startsWith(own).endsWith("}");
    }

    @Test
    void writesNoFile() throws Exception {
        completed(Samples.LINUX, HardwareMode.WRITE);
        assertThat(project.resolve(FILE)).doesNotExist();
    }
}
