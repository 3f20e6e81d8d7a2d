package io.github.modelcache.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigReader;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class EnvironmentCreationTest {

    /** Makes what {@code python -m venv} makes, as far as it matters here; the new interpreter notes what it installs. */
    private static final String PYTHON = """
            #!/bin/sh
            mkdir -p "$3/bin" && echo home > "$3/pyvenv.cfg"
            printf '#!/bin/sh\\necho "$@" >> "$(dirname "$0")/installed"\\n[ ! -e fails ]\\n' > "$3/bin/python"
            chmod +x "$3/bin/python"
            """;

    @TempDir
    Path folder;

    private TestProject project;
    private Path bin;

    @BeforeEach
    void programs() throws Exception {
        project = new TestProject(folder);
        bin = Files.createDirectories(folder.resolve("programs"));
        program("python3", PYTHON);
    }

    private void program(String name, String text) throws IOException {
        assertThat(Files.writeString(bin.resolve(name), text).toFile().setExecutable(true))
                .isTrue();
    }

    private CacheConfig config(String environments) throws Exception {
        Path file =
                Files.writeString(folder.resolve("hardware_cache.json"), "{\"environments\": {" + environments + "}}");
        return ConfigReader.read(folder, file);
    }

    private Plan plan(String environments) throws Exception {
        Map<String, String> variables = Map.of("PATH", bin + ":/usr/bin:/bin");
        OutputStream nowhere = OutputStream.nullOutputStream();
        return new EnvironmentCreation(config(environments), variables, new ChildProcess(nowhere, nowhere), project)
                .plan();
    }

    private void create(String environments) throws Exception {
        plan(environments).run(project, folder, 1);
    }

    @Test
    void createsMissingEnvironmentsAndInstallsRequirements() throws Exception {
        project.write("requirements/asr.txt", "whisperx\n");

        create("\"asr\": {\"requirements\": \"requirements/asr.txt\"}");

        assertThat(folder.resolve("venv/asr/bin/installed"))
                .content()
                .contains("-m pip install", "requirements/asr.txt");
        assertThat(project.said())
                .containsSequence(
                        "info: Creating the environment asr in venv/asr with venv",
                        "info: Installing requirements/asr.txt into venv/asr");
        assertThat(plan("\"asr\": {\"requirements\": \"requirements/asr.txt\"}").isEmpty())
                .isTrue();
    }

    @Test
    void usesUvIfItIsInstalled() throws Exception {
        program("uv", "#!/bin/sh\necho \"$@\" >> " + folder + "/uv.log\n");

        create("\"asr\": {}");

        assertThat(folder.resolve("uv.log")).content().contains("venv --quiet --allow-existing " + folder);
    }

    @Test
    void neverTouchesAnEnvironmentThatWorks() throws Exception {
        create("\"asr\": {}");

        assertThat(plan("\"asr\": {\"requirements\": \"later.txt\"}").isEmpty()).isTrue();
    }

    @Test
    void skipsDisabledEnvironments() throws Exception {
        assertThat(plan("\"mlx\": {\"enabled\": false}").isEmpty()).isTrue();
    }

    @Test
    void startsAgainWhereRequirementsWereNotInstalledToTheEnd() throws Exception {
        project.write("r.txt", "x\n");
        project.write("fails", "");
        assertThatThrownBy(() -> create("\"asr\": {\"requirements\": \"r.txt\"}"))
                .hasMessageContaining("The environment asr can't be created")
                .hasMessageContaining("exit code 1")
                .hasMessageContaining("mvn cache:init -Dcache.createEnvironments=true");
        Files.delete(folder.resolve("fails"));

        create("\"asr\": {\"requirements\": \"r.txt\"}");

        assertThat(plan("\"asr\": {\"requirements\": \"r.txt\"}").isEmpty()).isTrue();
    }

    @Test
    void startsAgainWhereItWasInterruptedBeforeThereWasAnEnvironment() throws Exception {
        project.write("venv/asr/.cache-maven-plugin-unfinished", "");

        create("\"asr\": {}");

        assertThat(plan("\"asr\": {}").isEmpty()).isTrue();
        assertThat(folder.resolve("venv/asr/.cache-maven-plugin-unfinished")).doesNotExist();
    }

    @Test
    void doesNotCreateAnEnvironmentInAFolderWithOtherContent() throws Exception {
        project.write("venv/asr/notes.txt", "mine");

        assertThatThrownBy(() -> plan("\"asr\": {}"))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("is not a virtual environment");
        assertThat(folder.resolve("venv/asr")).isDirectoryContaining(path -> path.endsWith("notes.txt"));
    }

    @Test
    void doesNotWriteThroughALinkAtItsMarker() throws Exception {
        Path precious = project.write("precious.txt", "precious");
        Files.createDirectories(folder.resolve("venv/asr"));
        for (Path target : List.of(precious, folder.resolve("not there"))) {
            Path note = folder.resolve("venv/asr/.cache-maven-plugin-unfinished");
            Files.deleteIfExists(note);
            Files.createSymbolicLink(note, target);
            assertThatThrownBy(() -> plan("\"asr\": {}"))
                    .isInstanceOf(EnvironmentException.class)
                    .hasMessageContaining("venv/asr/.cache-maven-plugin-unfinished must be a regular file");
        }
        assertThat(precious).hasContent("precious");
        assertThat(folder.resolve("not there")).doesNotExist();
    }

    @Test
    void doesNotCreateAnEnvironmentAtABrokenLink() throws Exception {
        Files.createDirectories(folder.resolve("venv"));
        Files.createSymbolicLink(folder.resolve("venv/asr"), Path.of("asr"));
        Files.createSymbolicLink(folder.resolve("venv/mux"), Path.of("/nowhere/mux"));

        assertThatThrownBy(() -> plan("\"asr\": {}"))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("venv/asr is a broken link");
        assertThatThrownBy(() -> plan("\"mux\": {}")).hasMessageContaining("venv/mux is a broken link");
    }

    @Test
    void aRequirementsFileThatIsMissingIsAnError() {
        assertThatThrownBy(() -> plan("\"asr\": {\"requirements\": \"lost.txt\"}"))
                .hasMessageContaining("names the requirements file lost.txt, which is not there");
    }

    @Test
    void aPlanDescribesTheNewEnvironments() throws Exception {
        plan("\"asr\": {}").print(project, folder, "mvn cache:init", 0);

        assertThat(project.said()).contains("info: Would create venv/asr/ (the environment asr)");
        assertThat(folder.resolve("venv")).doesNotExist();
    }
}
