package io.github.modelcache.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** With the git of this machine, which a build of this project has anyway. */
class GitRepositoryTest {

    private static final String CONFIG = "config/hardware_cache.json";

    @TempDir
    Path temporary;

    @Test
    void knowsWhatIsInTheIndexWhetherOrNotItIsInTheWorkingTree() throws Exception {
        Path project = repository("tree/java");
        write(project, CONFIG);
        write(project, "config/other.json");
        assertThat(GitRepository.tracks(project.resolve(CONFIG))).isFalse();

        run("add", "java/" + CONFIG);
        assertThat(GitRepository.tracks(project.resolve(CONFIG))).isTrue();
        assertThat(GitRepository.tracks(project.resolve("config/other.json"))).isFalse();

        Files.delete(project.resolve(CONFIG));
        Files.delete(project.resolve("config/other.json"));
        Files.delete(project.resolve("config"));
        assertThat(GitRepository.tracks(project.resolve(CONFIG))).isTrue();
        assertThat(GitRepository.tracks(project.resolve("config")))
                .as("a folder")
                .isFalse();
    }

    @Test
    void outsideOfARepositoryNothingIsTracked() throws IOException {
        assertThat(GitRepository.tracks(temporary.resolve(CONFIG))).isFalse();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkedCheckoutIsTheSameRepository() throws Exception {
        Path project = repository("tree/java");
        write(project, CONFIG);
        run("add", "-A");
        Path link = Files.createSymbolicLink(temporary.resolve("link"), project);

        assertThat(GitRepository.tracks(link.resolve(CONFIG))).isTrue();
    }

    private Path repository(String folder) throws Exception {
        Path project = Files.createDirectories(temporary.resolve(folder));
        run("init", "-q");
        return project;
    }

    private static void write(Path project, String name) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.resolve("..").normalize());
        Files.writeString(file, "{}");
    }

    private void run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(temporary.resolve("tree").toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
    }
}
