package io.github.modelcache.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.PythonEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class StageCommandTest {

    @TempDir
    Path project;

    private VirtualEnvironment environment;

    @BeforeEach
    void install() throws Exception {
        environment = new VirtualEnvironment(new PythonEnvironment(
                "asr", project.resolve("venv"), Optional.empty(), List.of(), true, Optional.empty()));
        program("venv/bin/python");
        program("venv/bin/tool");
        program("bin/tool");
        program("bin/python3");
        program("bin/git");
    }

    private void program(String name) throws Exception {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private StageCommand command(Optional<VirtualEnvironment> chosen, String... words) throws Exception {
        Map<String, String> inherited =
                Map.of("PATH", project.resolve("bin").toString(), "PYTHONHOME", "/usr", "A", "1");
        return StageCommand.of(chosen, List.of(words), project, inherited);
    }

    private String path(String name) {
        return project.resolve(name).toString();
    }

    @Test
    void pythonIsTheEnvironmentsOwnInterpreter() throws Exception {
        assertThat(command(Optional.of(environment), "python", "-c", "1").command())
                .containsExactly(path("venv/bin/python"), "-c", "1");
    }

    @Test
    void aScriptAloneIsRunByTheInterpreter() throws Exception {
        Files.writeString(project.resolve("stage.py"), "");
        assertThat(command(Optional.of(environment), "stage.py", "--fast").command())
                .containsExactly(path("venv/bin/python"), path("stage.py"), "--fast");
    }

    @Test
    void theEnvironmentsProgramsGoBeforeThoseOfThePath() throws Exception {
        assertThat(command(Optional.of(environment), "tool").command()).containsExactly(path("venv/bin/tool"));
        assertThat(command(Optional.of(environment), "git").command()).containsExactly(path("bin/git"));
    }

    @Test
    void theEnvironmentIsActivated() throws Exception {
        assertThat(command(Optional.of(environment), "tool").variables())
                .containsEntry("VIRTUAL_ENV", path("venv"))
                .containsEntry("PATH", path("venv/bin") + ":" + path("bin"))
                .containsEntry("A", "1")
                .doesNotContainKey("PYTHONHOME");
    }

    @Test
    void withoutAnEnvironmentPythonIsTheOneOnThePath() throws Exception {
        assertThat(command(Optional.empty(), "python", "x").command()).containsExactly(path("bin/python3"), "x");
        assertThat(command(Optional.empty(), "python", "x").variables()).doesNotContainKey("VIRTUAL_ENV");
    }

    @Test
    void aMissingProgramIsAnError() {
        assertThatThrownBy(() -> command(Optional.of(environment), "ffmpeg"))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith("There is no program 'ffmpeg', neither in the environment nor on the PATH");
    }

    @Test
    void aMissingScriptIsAnError() {
        assertThatThrownBy(() -> command(Optional.of(environment), "lost.py"))
                .hasMessageContaining("There is no file " + path("lost.py"));
    }

    @Test
    void aFolderIsNotAProgram() {
        assertThatThrownBy(() -> command(Optional.empty(), "./bin")).hasMessageContaining("is a folder");
    }

    @Test
    void nothingToRunIsAnError() {
        assertThatThrownBy(() -> command(Optional.empty())).hasMessageContaining("-Dcache.exec.command=");
        assertThatThrownBy(() -> command(Optional.empty(), "", "x")).hasMessageContaining("-Dcache.exec.command=");
    }

    @Test
    void aLineIsTakenApartAsAShellDoes() throws Exception {
        assertThat(CommandWords.of("python  'a b' \"c \\\"d\\\" $x\" e\\ f '' \"\\n\"", false))
                .containsExactly("python", "a b", "c \"d\" $x", "e f", "", "\\n");
    }

    @Test
    void onWindowsABackslashSeparatesFolders() throws Exception {
        assertThat(CommandWords.of("C:\\py\\python.exe \"C:\\my files\\x.py\"", true))
                .containsExactly("C:\\py\\python.exe", "C:\\my files\\x.py");
    }

    @Test
    void anUnclosedQuoteIsAnError() {
        assertThatThrownBy(() -> CommandWords.of("python 'x", false)).hasMessageContaining("not closed");
    }
}
