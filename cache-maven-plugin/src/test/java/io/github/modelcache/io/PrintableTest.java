package io.github.modelcache.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void keepsLettersAndTakesAwayWhatMovesThem() {
        assertThat(Printable.text("Modèle 模型 😀/a b.bin")).isEqualTo("Modèle 模型 😀/a b.bin");
        assertThat(Printable.text("a\u001b[2Jb\0c\nd\u202ee\u2028f\ud800")).isEqualTo("a?[2Jb?c?d?e?f?");
    }

    @Test
    void keepsTheLinesOfAMessage() {
        assertThat(Printable.lines("one\u001b[2J\n  two\r\nthree\n")).isEqualTo("one?[2J\n  two\nthree\n");
    }
}
