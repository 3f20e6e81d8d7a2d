package io.github.modelcache.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeRelativePathTest {

    private static final Path FOLDER = Path.of("folder").toAbsolutePath();

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", ".a", "..a", "a..", "...", "a b/ü模😀.bin", "12:x", "aa:", " "})
    void acceptsNamesInsideTheFolder(String name) {
        assertThat(SafeRelativePath.problem(name)).isEmpty();
        assertThat(SafeRelativePath.resolve(FOLDER, name)).isEqualTo(FOLDER.resolve(name));
    }

    @ParameterizedTest
    @CsvSource({
        "'', is empty",
        "/a, is absolute",
        "\\a, is absolute",
        "C:, is absolute",
        "z:/a, is absolute",
        "a\\b, holds a backslash",
        ".., leaves its folder",
        "a/.., leaves its folder",
        "a/../b, leaves its folder",
        ".,has an empty segment",
        "a/./b, has an empty segment",
        "a//b, has an empty segment",
        "a/, has an empty segment"
    })
    void describesTheProblem(String name, String problem) {
        assertThat(SafeRelativePath.problem(name)).hasValue(problem);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafeRelativePath.resolve(FOLDER, name))
                .withMessage("the file name '" + name + "' " + problem);
    }

    @Test
    void aLineEndHidesNoDrive() {
        assertThat(SafeRelativePath.problem("C:a\nb")).hasValue("is absolute");
    }

    @Test
    void rejectsNamesThatNoDiskTakes() {
        assertThat(SafeRelativePath.problem("a\0b")).hasValue("holds a NUL");
        assertThat(SafeRelativePath.problem("\0")).hasValue("holds a NUL");
        assertThat(SafeRelativePath.problem("n".repeat(255))).isEmpty();
        assertThat(SafeRelativePath.problem("n".repeat(256))).hasValue("has a segment longer than 255 bytes");
        assertThat(SafeRelativePath.problem("a/" + "é".repeat(127))).isEmpty();
        assertThat(SafeRelativePath.problem("a/" + "é".repeat(128))).hasValue("has a segment longer than 255 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "a\ud83d", "\ude00", "\ude00\ud83d", "\ud83d\ud83d\ude00", "\ud83dx"})
    void rejectsALoneSurrogate(String name) {
        assertThat(SafeRelativePath.problem(name)).hasValue("contains a lone surrogate");
    }

    @Test
    void takesPairsThatFollowEachOther() {
        assertThat(SafeRelativePath.problem("\ud83d\ude00\ud83d\ude00")).isEmpty();
    }
}
