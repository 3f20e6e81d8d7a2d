package io.github.modelcache.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameClashesTest {

    @TempDir
    Path folder;

    @Test
    void findsClashesOnEveryDisk() {
        assertThat(NameClashes.find(List.of("a", "b/c", "a"))).hasValue("'a' occurs twice");
        assertThat(NameClashes.find(List.of("a/b/c", "a/b"))).hasValue("'a/b' is a file and a folder at once");
        assertThat(NameClashes.find(List.of("a", "A", "a.b", "ab/a", "b"))).isEmpty();
    }

    @Test
    void findsClashesOnADiskThatIgnoresCase() {
        assertThat(folding("README.md", "docs/x", "Readme.md"))
                .hasValue("'README.md' and 'Readme.md' are the same name on this disk");
        assertThat(folding("Docs/x", "docs/X")).isPresent();
        assertThat(folding("docs", "Docs/x")).hasValue("'docs' is a file and a folder at once");
        assertThat(folding("\u00e9", "E\u0301"))
                .as("one letter in two spellings")
                .isPresent();
        assertThat(folding("Docs/x", "docs/y")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "stra\u00dfe, STRASSE", // full case folding
        "stra\u1e9ee, strasse", // the capital sharp s
        "\ufb01le, file", // a ligature
        "\u03c3\u03b1\u03c2, \u03a3\u0391\u03a3", // the sigma at the end of a word
        "\u212a, k", // the sign for kelvin
        "\u00c5, a\u030a",
        "\u01c4.bin, \u01c6.bin",
        "m\u200dodel.bin, model.bin", // zero width joiner
        "\u2764\ufe0f, \u2764", // variation selector
        "\ufeffconfig.json, config.json", // byte order mark
        "so\u00adft, soft",
        "\ud55c, \u1112\u1161\u11ab",
        "model.bin., model.bin",
        "'model.bin ', model.bin",
        "'a. ./x', a/x"
    })
    void findsNamesThatAreEqualOnSomeDisk(String one, String other) {
        assertThat(folding(one, other)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"a.b, ab", "a b, ab", "model-1, model_1", "\u00e9, e", "x/.., x/y", "\u6a21, \u578b"})
    void keepsNamesApartThatAllFileSystemsKeepApart(String one, String other) {
        assertThat(folding(one, other)).isEmpty();
    }

    @Test
    void testsPossibleClashesOnTheDisk() throws Exception {
        List<String> names = List.of("Stra\u00dfe/a", "STRASSE/a", "m\u200d", "m", "x.", "x");
        Path probe = folder.resolve("new/probe");
        assertThat(NameClashes.in(probe, names).isPresent()).isEqualTo(mergesAny(names));
        assertThat(probe).doesNotExist();
    }

    private boolean mergesAny(List<String> names) throws Exception {
        Path own = Files.createDirectory(folder.resolve("own"));
        for (String name : names) {
            Path file = own.resolve(name.replace('/', '-'));
            if (Files.exists(file)) {
                return true;
            }
            Files.createFile(file);
        }
        return false;
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
        assertThat(none).doesNotExist();
    }

    private static Optional<String> folding(String... names) {
        List<String> list = List.of(names);
        assertThat(NameClashes.find(list, UnaryOperator.identity())).isEmpty();
        return NameClashes.find(list, NameClashes::folded);
    }
}
