package io.github.modelcache.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilePatternsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "*.bin pytorch_model.bin true",
                "*.bin onnx/model.bin true",
                "*.bin model.bin.index false",
                "*.BIN model.bin false",
                "onnx/ onnx/a/model.onnx true",
                "onnx/ other/onnx/x false",
                "model-?.bin model-1.bin true",
                "model-?.bin model-12.bin false",
                "model?x model/x true",
                "[abc].txt b.txt true",
                "[!abc].txt b.txt false",
                "[!abc].txt d.txt true",
                "[a-c].txt b.txt true",
                "[]].txt ].txt true",
                "[!]].txt ].txt false",
                "[.txt [.txt true",
                "[z-a].txt b.txt false",
                "a.b axb false",
                "a{1,2} a1 false",
                "sub\\*.bin sub/x.bin true",
                "** any/thing true",
            })
    void matchesAsPythonsFnmatchDoes(String pattern, String path, boolean matches) {
        assertThat(new FilePatterns(List.of(pattern), List.of()).wants(path)).isEqualTo(matches);
    }

    @Test
    void includesEverythingWithoutPatterns() {
        assertThat(new FilePatterns(List.of(), List.of()).wants("a/b")).isTrue();
    }

    @Test
    void excludeWinsOverInclude() {
        FilePatterns patterns = new FilePatterns(List.of("*.bin", "*.json"), List.of("training/"));
        assertThat(patterns.wants("model.bin")).isTrue();
        assertThat(patterns.wants("training/model.bin")).isFalse();
        assertThat(patterns.wants("README.md")).isFalse();
    }

    @Test
    @Timeout(600)
    void manyStarsAreMatchedAtOnce() {
        String path = "a".repeat(200);
        for (String pattern : List.of("*".repeat(100) + "b", "*a".repeat(60) + "*b", "a*".repeat(60) + "?b")) {
            assertThat(FilePatterns.compile(pattern).matcher(path).matches()).isFalse();
            assertThat(FilePatterns.compile(pattern).matcher(path + "xb").matches())
                    .isTrue();
        }
        assertThat(FilePatterns.compile("*ab*ab").matcher("abab").matches()).isTrue();
        assertThat(FilePatterns.compile("*ab*ab").matcher("ab").matches()).isFalse();
        assertThat(FilePatterns.compile("a**a").matcher("a").matches()).isFalse();
        assertThat(FilePatterns.compile("**").matcher("").matches()).isTrue();
    }
}
