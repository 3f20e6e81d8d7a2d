package io.github.modelcache.verify.checks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NameTableTest {

    @Test
    void findsWhatWasPutAndNothingElse() {
        NameTable table = new NameTable(1_000);
        for (int i = 0; i < 1_000; i++) {
            table.put("file" + i, i);
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(table.get("file" + i)).isEqualTo(i);
        }
        assertThat(table.has("file1000")).isFalse();
        table.put("file7", 70);
        assertThat(table.get("file7")).isEqualTo(70);
    }

    @Test
    void mayBeEmpty() {
        assertThat(new NameTable(0).get("")).isEqualTo(NameTable.ABSENT);
    }
}
