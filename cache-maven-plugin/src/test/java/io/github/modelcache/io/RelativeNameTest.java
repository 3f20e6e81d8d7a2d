package io.github.modelcache.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelativeNameTest {

    private static final Path FOLDER = Path.of("folder").toAbsolutePath();

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", ".a", "..a", "a..", "...", "a b/ü模😀.bin", "12:x", "aa:", " "})
    void takesWhatStaysBelowItsFolder(String name) {
        assertThat(RelativeName.problem(name)).isEmpty();
        assertThat(RelativeName.resolve(FOLDER, name)).isEqualTo(FOLDER.resolve(name));
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
    void saysWhatIsWrong(String name, String problem) {
        assertThat(RelativeName.problem(name)).hasValue(problem);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RelativeName.resolve(FOLDER, name))
                .withMessage("the file name '" + name + "' " + problem);
    }

    @Test
    void aLineEndHidesNoDrive() {
        assertThat(RelativeName.problem("C:a\nb")).hasValue("is absolute");
    }

    @Test
    void refusesNamesThatNoDiskTakes() {
        assertThat(RelativeName.problem("a\0b")).hasValue("holds a NUL");
        assertThat(RelativeName.problem("\0")).hasValue("holds a NUL");
        assertThat(RelativeName.problem("n".repeat(255))).isEmpty();
        assertThat(RelativeName.problem("n".repeat(256))).hasValue("has a segment longer than 255 bytes");
        assertThat(RelativeName.problem("a/" + "é".repeat(127))).isEmpty();
        assertThat(RelativeName.problem("a/" + "é".repeat(128))).hasValue("has a segment longer than 255 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "a\ud83d", "\ude00", "\ude00\ud83d", "\ud83d\ud83d\ude00", "\ud83dx"})
    void refusesHalfACharacter(String name) {
        assertThat(RelativeName.problem(name)).hasValue("holds half a character");
    }

    @Test
    void takesPairsThatFollowEachOther() {
        assertThat(RelativeName.problem("\ud83d\ude00\ud83d\ude00")).isEmpty();
    }
}
