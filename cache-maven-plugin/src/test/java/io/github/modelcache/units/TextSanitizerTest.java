package io.github.modelcache.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextSanitizerTest {

    @Test
    void keepsLettersAndReplacesControlCharacters() {
        assertThat(TextSanitizer.text("Modèle 模型 😀/a b.bin")).isEqualTo("Modèle 模型 😀/a b.bin");
        assertThat(TextSanitizer.text("a\u001b[2Jb\0c\nd\u202ee\u2028f\ud800")).isEqualTo("a?[2Jb?c?d?e?f?");
        assertThat(TextSanitizer.text("a\ufffeb\uffffc\ufdd0")).isEqualTo("a?b?c?");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "##[add-mask]x, # #[add-mask]x",
                "a ##vso[task.setvariable variable=x]y.bin, a # #vso[task.setvariable variable=x]y.bin",
                "###teamcity[buildStop], ## #teamcity[buildStop]",
                "::add-mask::x, : :add-mask::x",
                "  ::add-mask::x,   : :add-mask::x",
                "section_start:123:a, section_start :123:a",
                "a::b ## [x] #[y] section_start std::vector, a::b ## [x] #[y] section_start std::vector",
            })
    void breaksCommandsOfACi(String foreign, String shown) {
        assertThat(TextSanitizer.text(foreign)).isEqualTo(shown);
        assertThat(TextSanitizer.text(shown)).isEqualTo(shown);
        assertThat(TextSanitizer.lines("first\n" + foreign)).isEqualTo("first\n" + shown);
    }

    @Test
    void showsAFailureWithItsCauses() {
        IOException fit = new IOException("fit", new IOException("too"));
        assertThat(TextSanitizer.failure(fit)).isSameAs(fit);
        IOException foreign = new IOException("fit", new IOException("a\n::set-output name=x::y\u001b"));
        Throwable shown = TextSanitizer.failure(foreign);
        assertThat(shown).hasMessage("IOException: fit");
        assertThat(shown.getStackTrace()).isEqualTo(foreign.getStackTrace());
        assertThat(shown.getCause()).hasMessage("IOException: a\n: :set-output name=x::y?");
    }

    @Test
    void keepsTheLinesOfAMessage() {
        assertThat(TextSanitizer.lines("one\u001b[2J\n  two\r\nthree\n")).isEqualTo("one?[2J\n  two\nthree\n");
    }
}
