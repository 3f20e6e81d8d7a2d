package io.github.modelcache.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void countsThings() {
        assertThat(Words.count(1, "model")).isEqualTo("1 model");
        assertThat(Words.count(0, "model file")).isEqualTo("0 model files");
        assertThat(Words.count(1, "entry")).isEqualTo("1 entry");
        assertThat(Words.count(7, "entry")).isEqualTo("7 entries");
        assertThat(Words.count(7, "day")).isEqualTo("7 days");
    }

    @Test
    void namesTheFirst() {
        assertThat(Words.some(List.of(), 2)).isEmpty();
        assertThat(Words.some(List.of("a", "b"), 2)).isEqualTo("a, b");
        assertThat(Words.some(List.of("a", "b", "c", "d", "e"), 2)).isEqualTo("a, b and 3 more");
    }
}
