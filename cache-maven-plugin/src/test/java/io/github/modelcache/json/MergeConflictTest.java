package io.github.modelcache.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergeConflictTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\n<<<<<<< HEAD\n\"a\": 1\n=======\n\"a\": 2\n>>>>>>> branch\n}",
                "{\r\n<<<<<<< .mine\r\n\"a\": 1\r\n",
                "{\n||||||| merged common ancestors\n\"a\": 1}",
                "{\n=======\n\"a\": 2\n>>>>>>> b\n}",
                "{\n>>>>>>> 0123abc (a commit)\n}",
                "{\"a\": 1,\n<<<<<<<<<<<<<<< Conflict 1 of 1\n\"a\": 2}",
            })
    void isNamedWithItsLine(String text) {
        assertThatThrownBy(() -> JsonDocument.parse("config.json", text))
                .isInstanceOfSatisfying(
                        JsonException.class, e -> assertThat(e.line()).isEqualTo(2))
                .hasMessageStartingWith("config.json:2:1: found a merge conflict marker (")
                .hasMessageEndingWith("); keep the lines that you want, and delete the lines with the markers");
    }

    @Test
    void isFoundBehindAByteOrderMarkAndWhateverTheParserMeetsFirst() {
        assertThatThrownBy(() -> JsonDocument.parse("c", "\uFEFF<<<<<<< HEAD\n{}"))
                .hasMessageStartingWith("c:1:1: found a merge conflict marker (<<<<<<<)");
        assertThatThrownBy(() -> JsonDocument.parse("c", "{\"a\": 1, \"a\": 2,\n=======\n}"))
                .hasMessageStartingWith("c:2:1: found a merge conflict marker (=======)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\n<<<<<< six\n}", "{\n<<<<<<<HEAD\n}", "{\n  ======= \n}", "{\"a\": \"<<<<<<< HEAD\",}"})
    void anythingElseIsNone(String text) {
        assertThatThrownBy(() -> JsonDocument.parse("c", text)).hasMessageNotContaining("merge");
    }
}
