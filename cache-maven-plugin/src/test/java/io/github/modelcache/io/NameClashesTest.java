package io.github.modelcache.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameClashesTest {

    @TempDir
    Path folder;

    @Test
    void findsWhatNoFileSystemCanHold() {
        assertThat(NameClashes.find(List.of("a", "b/c", "a"))).hasValue("'a' is there twice");
        assertThat(NameClashes.find(List.of("a/b/c", "a/b"))).hasValue("'a/b' is a file and a folder at once");
        assertThat(NameClashes.find(List.of("a", "A", "a.b", "ab/a", "b"))).isEmpty();
    }

    @Test
    void findsWhatAFileSystemThatIgnoresCaseCannotHold() {
        assertThat(folding("README.md", "docs/x", "Readme.md"))
                .hasValue("'README.md' and 'Readme.md' are the same name on a disk that ignores case");
        assertThat(folding("Docs/x", "docs/X")).isPresent();
        assertThat(folding("docs", "Docs/x")).hasValue("'docs' is a file and a folder at once");
        assertThat(folding("\u00e9", "E\u0301"))
                .as("one letter in two spellings")
                .isPresent();
        assertThat(folding("Docs/x", "docs/y")).isEmpty();
    }

    @Test
    void asksTheFileSystemOnlyWhereItMatters() throws Exception {
        Path none = folder.resolve("none");
        assertThat(NameClashes.in(none, List.of("a", "b"))).isEmpty();
        assertThat(none).doesNotExist();
        Files.createFile(folder.resolve("lower"));
        boolean ignoresCase = Files.exists(folder.resolve("LOWER"));
        assertThat(NameClashes.in(none, List.of("a", "A")).isPresent()).isEqualTo(ignoresCase);
        assertThat(NameClashes.in(none, List.of("a", "a"))).isPresent();
        try (Stream<Path> left = Files.list(none)) {
            assertThat(left).isEmpty();
        }
    }

    private static Optional<String> folding(String... names) {
        List<String> list = List.of(names);
        assertThat(NameClashes.find(list, UnaryOperator.identity())).isEmpty();
        return NameClashes.find(list, NameClashes::folded);
    }
}
