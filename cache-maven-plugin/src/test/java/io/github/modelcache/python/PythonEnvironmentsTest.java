package io.github.modelcache.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PythonEnvironmentsTest {

    private static final String CONFIG = """
            {
              "environments": {
                "common": { "path": "venv/common" },
                "whisperx": { "path": "venv/whisperx" },
                "folder": { "path": "venv/folder" },
                "mlx": { "path": "venv/mlx", "enabled": false }
              },
              "workflow_to_environments_mapping": { "transcribe": ["common", "whisperx", "folder"], "mux": ["common"] },
              "stage_to_environment_mapping": { "demux": "common", "asr": "whisperx", "lost": "nowhere", "fast": "mlx" }
            }
            """;

    @TempDir
    Path project;

    private CacheConfig config;
    private PythonEnvironments environments;

    @BeforeEach
    void read() throws Exception {
        Path file = Files.writeString(project.resolve("hardware_cache.json"), CONFIG);
        config = ConfigReader.read(project, file);
        environments = new PythonEnvironments(config);
        install("common");
    }

    private Path interpreter(String name) {
        return new VirtualEnvironment(
                        Objects.requireNonNull(config.environments().get(name)))
                .interpreter();
    }

    private void install(String name) throws Exception {
        Path interpreter = interpreter(name);
        Files.createDirectories(interpreter.getParent());
        Files.writeString(interpreter, "");
        assertThat(interpreter.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void findsAnEnvironmentByNameAndByStage() throws Exception {
        assertThat(environments.named("common").entry().name()).isEqualTo("common");
        assertThat(environments.ofStage("demux").entry().name()).isEqualTo("common");
        assertThat(environments.ofWorkflow("mux")).hasSize(1);
    }

    @Test
    void anUnknownNameIsAnErrorThatNamesTheNearest() {
        assertThatThrownBy(() -> environments.named("wisperx"))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("cache.exec.environment is 'wisperx', which environments of the config does not have;"
                        + " expected one of common, whisperx, folder, mlx; did you mean whisperx?");
    }

    @Test
    void anUnknownStageIsAnErrorThatNamesTheNearest() {
        assertThatThrownBy(() -> environments.ofStage("demuxx")).hasMessageEndingWith("did you mean demux?");
    }

    @Test
    void aStageWithAnUnknownEnvironmentIsAnError() {
        assertThatThrownBy(() -> environments.ofStage("lost"))
                .hasMessageContaining(
                        "says 'nowhere' for the stage 'lost', which environments of the config does not have");
    }

    @Test
    void aDisabledEnvironmentIsAnError() {
        assertThatThrownBy(() -> environments.ofStage("fast")).hasMessageContaining("\"enabled\": false");
    }

    @Test
    void anEnvironmentThatIsNotInstalledIsAnErrorWithTheCommandThatCreatesIt() {
        assertThatThrownBy(() -> environments.named("whisperx"))
                .hasMessageStartingWith("The environment whisperx is not installed: there is no venv")
                .hasMessageEndingWith("To create it: mvn cache:init -Dcache.createEnvironments=true");
    }

    @Test
    void anInterpreterThatIsAFolderIsAnError() throws Exception {
        Files.createDirectories(interpreter("folder"));
        assertThatThrownBy(() -> environments.named("folder")).hasMessageContaining("is a folder");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void anEnvironmentThatLinksToItselfIsAnError() throws Exception {
        Files.createSymbolicLink(project.resolve("venv/whisperx"), Path.of("whisperx"));
        assertThatThrownBy(() -> environments.named("whisperx"))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("is not installed: there is no venv/whisperx/bin/python");
    }

    @Test
    void aWorkflowNamesAllEnvironmentsThatAreMissing() {
        assertThatThrownBy(() -> environments.ofWorkflow("transcribe"))
                .hasMessageContaining("not installed: whisperx (venv/whisperx), folder (venv/folder)");
        assertThatThrownBy(() -> environments.ofWorkflow("translate"))
                .hasMessageContaining("workflow_to_environments_mapping");
    }
}
