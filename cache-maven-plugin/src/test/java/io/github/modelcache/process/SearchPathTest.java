package io.github.modelcache.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class SearchPathTest {

    @TempDir
    Path folder;

    private Path program(String name, boolean executable) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.resolveSibling(".").normalize());
        Files.writeString(file, "");
        assertThat(file.toFile().setExecutable(executable)).isTrue();
        return file;
    }

    @Test
    void theFirstFolderThatHasAProgramWins() throws IOException {
        program("a/tool", false);
        Path second = program("b/tool", true);
        program("c/tool", true);
        Files.createDirectories(folder.resolve("d/other"));
        String path = String.join(
                File.pathSeparator,
                List.of(
                        folder.resolve("none").toString(),
                        folder.resolve("a").toString(),
                        folder.resolve("b").toString(),
                        folder.resolve("c").toString(),
                        folder.resolve("d").toString()));
        assertThat(SearchPath.of(path).find("tool")).contains(second);
        assertThat(SearchPath.of(path).find("other")).isEmpty();
        assertThat(SearchPath.of(path).find("to\0ol")).isEmpty();
    }

    @Test
    void relativeFoldersOfThePathAreSkipped() {
        assertThat(SearchPath.of("." + File.pathSeparator + File.pathSeparator + "bin\0")
                        .folders())
                .isEmpty();
        assertThat(SearchPath.of("bin" + File.pathSeparator + folder).folders()).containsExactly(folder);
    }

    @Test
    void isFoundInTheEnvironmentWhateverItsSpelling() {
        assertThat(SearchPath.of(Map.of("Path", folder.toString())).folders()).containsExactly(folder);
        assertThat(SearchPath.of(Map.of("PATH", folder.toString())).folders()).containsExactly(folder);
        assertThat(SearchPath.of(Map.of("HOME", folder.toString())).folders()).isEmpty();
        assertThat(SearchPath.variable(Map.of("Path", ""))).isEqualTo("Path");
        assertThat(SearchPath.variable(Map.of())).isEqualTo("PATH");
    }
}
