package io.github.modelcache.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheEnvironmentTest {

    @TempDir
    Path folder;

    @TempDir
    Path home;

    private TestProject project;

    @BeforeEach
    void create() {
        project = new TestProject(folder);
    }

    @Test
    void leadsEveryLibraryIntoTheProject() throws Exception {
        Map<String, String> variables = variables("", false, Map.of());
        assertThat(variables)
                .containsEntry("TORCH_HOME", folder + "/.cache/torch")
                .containsEntry("HF_HOME", folder + "/.cache/huggingface")
                .containsEntry("HF_HUB_CACHE", folder + "/.cache/huggingface/hub")
                .containsEntry("PYANNOTE_CACHE", folder + "/.cache/huggingface/hub")
                .containsEntry("TRANSFORMERS_CACHE", folder + "/.cache/huggingface/hub")
                .containsEntry("MLX_CACHE_DIR", folder + "/.cache/mlx")
                .containsEntry("MODELS_HOME", folder + "/.cache/models")
                .containsEntry("HF_HUB_DISABLE_SHARED_BLOBS", "1")
                .containsEntry("TMDB_CACHE_DIR", folder + "/out/tmdb_cache")
                .containsEntry("GLOSSARY_CACHE_DIR", folder + "/glossary/cache")
                .doesNotContainKeys("XDG_CACHE_HOME", "HF_HUB_OFFLINE", "HF_TOKEN_PATH");
    }

    @Test
    void switchesLibrariesOfflineWithMaven() throws Exception {
        assertThat(variables("", true, Map.of()))
                .containsEntry("HF_HUB_OFFLINE", "1")
                .containsEntry("TRANSFORMERS_OFFLINE", "1");
    }

    @Test
    void pointsAtTheUsersTokenFileWhichAMovedHomeWouldHide() throws Exception {
        Path token = new TestProject(home).write(".cache/huggingface/token", "hf_x");
        assertThat(variables("", false, Map.of())).containsEntry("HF_TOKEN_PATH", token.toString());
        assertThat(variables("", false, Map.of("HF_TOKEN", "hf_y"))).doesNotContainKey("HF_TOKEN_PATH");
    }

    @Test
    void theTokenFileOfTheUserTakesPrecedence() throws Exception {
        new TestProject(home).write(".cache/huggingface/token", "hf_x");
        Path own = new TestProject(home).write("secrets/token", "hf_y");
        assertThat(variables("", false, Map.of("HF_TOKEN_PATH", own.toString())))
                .containsEntry("HF_TOKEN_PATH", own.toString());
    }

    @Test
    void publishedVariablesAlwaysHaveAValue() throws Exception {
        CacheEnvironment environment = new CacheEnvironment(project.config(""), home);
        assertThat(environment.published(false, Map.of()))
                .containsAllEntriesOf(environment.variables(false, Map.of()))
                .containsEntry("HF_HUB_OFFLINE", "0")
                .containsEntry("TRANSFORMERS_OFFLINE", "0")
                .containsEntry("DJL_OFFLINE", "false")
                .containsEntry("HF_TOKEN_PATH", home + "/.cache/huggingface/token");
        assertThat(environment.published(false, Map.of("HF_HUB_OFFLINE", "1"))).containsEntry("HF_HUB_OFFLINE", "1");
        assertThat(environment.published(true, Map.of()).keySet())
                .isEqualTo(environment.published(false, Map.of()).keySet());
    }

    @Test
    void namesTheVariablesThatNoProgramShouldInherit() throws Exception {
        assertThat(new CacheEnvironment(project.config(""), home).misleading())
                .contains("HUGGINGFACE_HUB_CACHE", "PYTORCH_TRANSFORMERS_CACHE", "SENTENCE_TRANSFORMERS_HOME")
                .doesNotContain("TRANSFORMERS_CACHE", "HF_HOME");
        String own = "\"environment\": {\"SENTENCE_TRANSFORMERS_HOME\": \"/x\"}";
        assertThat(new CacheEnvironment(project.config(own), home).misleading())
                .doesNotContain("SENTENCE_TRANSFORMERS_HOME");
    }

    @Test
    void aProcessDoesNotInheritMisleadingVariables() throws Exception {
        Map<String, String> inherited =
                Map.of("HF_HOME", "/x", "HUGGINGFACE_HUB_CACHE", "/x/hub", "TRANSFORMERS_CACHE", "/x", "LANG", "C");
        assertThat(new CacheEnvironment(project.config(""), home).ofProcess(false, inherited))
                .containsEntry("HF_HOME", folder + "/.cache/huggingface")
                .containsEntry("TRANSFORMERS_CACHE", folder + "/.cache/huggingface/hub")
                .containsEntry("LANG", "C")
                .doesNotContainKey("HUGGINGFACE_HUB_CACHE");
    }

    @Test
    void takesValuesAndVariablesFromTheConfig() throws Exception {
        Map<String, String> variables = variables(
                "\"transformers_cache\": \"x/y\", \"xdg_cache_home\": \"xdg\","
                        + " \"environment\": {\"OLLAMA_MODELS\": \".cache/ollama\"},"
                        + " \"application_caches\": {\"my-api.v2\": \"out/my\"}",
                false,
                Map.of());
        assertThat(variables)
                .containsEntry("TRANSFORMERS_CACHE", folder + "/x/y")
                .containsEntry("XDG_CACHE_HOME", folder + "/xdg")
                .containsEntry("OLLAMA_MODELS", folder + "/.cache/ollama")
                .containsKeys("MY_API_V2_CACHE_DIR");
    }

    private Map<String, String> variables(String members, boolean offline, Map<String, String> inherited)
            throws Exception {
        CacheConfig config = project.config(members);
        return new CacheEnvironment(config, home).variables(offline, inherited);
    }
}
