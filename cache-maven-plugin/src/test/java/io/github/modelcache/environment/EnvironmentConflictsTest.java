package io.github.modelcache.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.VariableConflict;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentConflictsTest {

    @TempDir
    Path folder;

    @TempDir
    Path home;

    private TestProject project;
    private String hub;

    @BeforeEach
    void create() {
        project = new TestProject(folder);
        hub = folder + "/.cache/huggingface/hub";
    }

    @Test
    void findsNothingIfNoVariableIsSet() throws Exception {
        assertThat(conflicts("", Map.of("PATH", "/bin", "XDG_CACHE_HOME", "/tmp/x"))
                        .inherited())
                .isEmpty();
        assertThat(conflicts("", Map.of()).ofFile()).isEmpty();
    }

    @Test
    void findsAVariableThatContradictsTheConfig() throws Exception {
        assertThat(conflicts("", Map.of("HF_HOME", "/data/hf", "TMDB_CACHE_DIR", "/data/tmdb"))
                        .inherited())
                .containsExactly(
                        new VariableConflict(
                                "HF_HOME",
                                Optional.empty(),
                                Optional.of(folder + "/.cache/huggingface"),
                                "/data/hf",
                                false),
                        new VariableConflict(
                                "TMDB_CACHE_DIR",
                                Optional.empty(),
                                Optional.of(folder + "/out/tmdb_cache"),
                                "/data/tmdb",
                                false));
    }

    @Test
    void anEmptyValueLeadsToTheWorkingFolder() throws Exception {
        assertThat(names(conflicts("", Map.of("HF_HOME", "", "HUGGINGFACE_HUB_CACHE", ""))
                        .inherited()))
                .containsExactly("HF_HOME");
    }

    @Test
    void findsMisleadingOlderNames() throws Exception {
        List<VariableConflict> found = conflicts(
                        "",
                        Map.of(
                                "SENTENCE_TRANSFORMERS_HOME",
                                "/data/st",
                                "HUGGINGFACE_HUB_CACHE",
                                hub,
                                "PYTORCH_TRANSFORMERS_CACHE",
                                hub + "/"))
                .inherited();
        assertThat(found)
                .containsExactly(new VariableConflict(
                        "SENTENCE_TRANSFORMERS_HOME", Optional.empty(), Optional.empty(), "/data/st", false));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void anEquivalentPathIsNotAConflict() throws Exception {
        Files.createDirectories(home.resolve("disk/huggingface"));
        Files.createSymbolicLink(folder.resolve(".cache"), home.resolve("disk"));
        assertThat(conflicts(
                                "",
                                Map.of(
                                        "HF_HOME",
                                        "~/disk/huggingface",
                                        "HF_HUB_CACHE",
                                        home + "/disk/huggingface/hub/",
                                        "TORCH_HOME",
                                        folder + "/./.cache/../.cache/torch//",
                                        "HF_HUB_DISABLE_SHARED_BLOBS",
                                        "TRUE"))
                        .inherited())
                .isEmpty();
    }

    @Test
    void aRelativeValueMeansTheProjectInItsOwnFileOnly() throws Exception {
        project.write(".env", "HF_HOME=.cache/huggingface/\nexport TORCH_HOME = \"./.cache/torch\"\n");
        EnvironmentConflicts conflicts = conflicts("", Map.of("HF_HOME", ".cache/huggingface"));
        assertThat(names(conflicts.inherited())).containsExactly("HF_HOME");
        assertThat(conflicts.ofFile()).isEmpty();
    }

    @Test
    void fillsInOtherVariablesAsReadersOfTheFileDo() throws Exception {
        project.write(".env", """
                BASE=.cache
                HF_HOME=${BASE}/huggingface
                TORCH_HOME=$ROOT/.cache/torch
                MLX_CACHE_DIR=$NOWHERE/mlx
                """);
        assertThat(names(conflicts("", Map.of("ROOT", folder.toString())).ofFile()))
                .containsExactly("MLX_CACHE_DIR");
    }

    @Test
    void ignoresInvalidValuesInTheFile() throws Exception {
        Path file = project.write(".env", "");
        Files.write(file, new byte[] {'=', '\n', 'H', 'F', '_', 'H', 'O', 'M', 'E', '\n', (byte) 0xff, 0, '\n'});
        Files.writeString(
                file,
                "\n<<<<<<< HEAD\n# HF_HOME=/data/hf\nTORCH_HOME=\"/data/torch\nHF_HUB_CACHE=/a\u0000b\n",
                StandardOpenOption.APPEND);
        assertThat(names(conflicts("", Map.of()).ofFile())).containsExactly("HF_HUB_CACHE", "TORCH_HOME");
    }

    @Test
    void aFolderOfThatNameIsAnEnvironmentAndAHugeFileCannotBeTold() throws Exception {
        Files.createDirectory(folder.resolve(".env"));
        assertThat(conflicts("", Map.of()).ofFile()).isEmpty();
        Files.delete(folder.resolve(".env"));
        project.write(".env", "#".repeat(EnvironmentConflicts.LARGEST_FILE_BYTES + 1));
        assertThatThrownBy(() -> conflicts("", Map.of()).ofFile())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("65536 bytes");
    }

    @Test
    void offlineSwitchesAreNotConflicts() throws Exception {
        project.write(".env", "HF_HUB_OFFLINE=0\nTRANSFORMERS_OFFLINE=1\n");
        EnvironmentConflicts conflicts = conflicts("", Map.of("HF_HUB_OFFLINE", "1", "DJL_OFFLINE", "false"));
        assertThat(conflicts.inherited()).isEmpty();
        assertThat(conflicts.ofFile()).isEmpty();
    }

    @Test
    void theTokenFileIsNotAConflictAndTheTokenIsSecret() throws Exception {
        new TestProject(home).write(".cache/huggingface/token", "hf_x");
        Map<String, String> inherited = Map.of("HF_TOKEN_PATH", "/run/secrets/hf");
        assertThat(conflicts("", inherited).inherited()).isEmpty();
        assertThat(conflicts(
                                "\"environment\": {\"HF_TOKEN_PATH\": \"/t\", \"MY_API_KEY\": \"a\"}",
                                Map.of("MY_API_KEY", "b"))
                        .inherited())
                .extracting(VariableConflict::secret)
                .containsExactly(true);
    }

    @Test
    void aValueThatHoldsCredentialsIsASecretWhateverItsName() throws Exception {
        assertThat(conflicts(
                                "\"environment\": {\"HF_ENDPOINT\": \"https://h\"}",
                                Map.of("HF_ENDPOINT", "https://u:p@h"))
                        .inherited())
                .extracting(VariableConflict::secret)
                .containsExactly(true);
        assertThat(conflicts("\"environment\": {\"X\": \"y\"}", Map.of("X", "hf_" + "a1".repeat(17)))
                        .inherited())
                .extracting(VariableConflict::secret)
                .containsExactly(true);
    }

    @Test
    void aFolderNamedLikeATokenIsNotASecret() throws Exception {
        assertThat(conflicts("", Map.of("HF_HOME", "/data/hf_home", "TORCH_HOME", "hf_cache"))
                        .inherited())
                .extracting(VariableConflict::secret)
                .containsExactly(false, false);
    }

    @Test
    void takesWhatTheConfigSetsBesides() throws Exception {
        String environment =
                "\"environment\": {\"SENTENCE_TRANSFORMERS_HOME\": \"/data/st\", \"OLLAMA_MODELS\": \".o\"}";
        assertThat(names(conflicts(
                                environment,
                                Map.of("SENTENCE_TRANSFORMERS_HOME", "/data/st", "OLLAMA_MODELS", folder + "/.o"))
                        .inherited()))
                .isEmpty();
        assertThat(names(conflicts(environment, Map.of("SENTENCE_TRANSFORMERS_HOME", hub))
                        .inherited()))
                .containsExactly("SENTENCE_TRANSFORMERS_HOME");
    }

    private static List<String> names(List<VariableConflict> conflicts) {
        return conflicts.stream().map(VariableConflict::name).toList();
    }

    private EnvironmentConflicts conflicts(String members, Map<String, String> inherited) throws Exception {
        return new EnvironmentConflicts(project.config(members), home, inherited);
    }
}
