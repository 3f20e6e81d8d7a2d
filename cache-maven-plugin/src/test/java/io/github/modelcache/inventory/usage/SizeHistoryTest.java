package io.github.modelcache.inventory.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SizeHistoryTest {

    private static final Instant DAY = Instant.parse("2026-11-01T00:00:00Z");

    @TempDir
    Path folder;

    private Path file;
    private SizeHistory history;

    @BeforeEach
    void beginWithoutAFile() {
        file = folder.resolve("new/sizes.jsonl");
        history = new SizeHistory(file);
    }

    private void record(int day, long bytes) throws IOException {
        history.record(new SizeRecord(DAY.plusSeconds(day * 86_400L), bytes));
    }

    @Test
    void aLineForEachChangeAndNoneWithoutOne() throws Exception {
        record(0, 100);
        record(1, 100);
        record(2, 250);
        record(3, 100);

        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "{\"at\":\"2026-11-01T00:00:00Z\",\"bytes\":100}",
                        "{\"at\":\"2026-11-03T00:00:00Z\",\"bytes\":250}",
                        "{\"at\":\"2026-11-04T00:00:00Z\",\"bytes\":100}");
        assertThat(history.read().damaged()).isZero();
    }

    @Test
    void damagedLinesAreCountedAndSkippedAndTheNextChangeKeepsThem() throws Exception {
        record(0, 100);
        Files.writeString(
                file,
                Files.readString(file) + "{\"at\":\"2026-11-02T00:00:00Z\",\"by\n"
                        + "[]\n"
                        + "{\"at\":\"x\",\"bytes\":1}\n"
                        + "{\"at\":\"2026-11-02T00:00:00Z\",\"bytes\":-5}\n"
                        + "{\"at\":\"2026-11-02T00:00:00Z\",\"bytes\":1e99}\n"
                        + "{\"at\":\"2026-11-05T00:00:00Z\",\"bytes\":7}\n");

        assertThat(history.read().damaged()).isEqualTo(5);
        assertThat(history.read().sizes()).extracting(SizeRecord::bytes).containsExactly(100L, 7L);
        record(9, 8);
        assertThat(history.read().damaged()).isEqualTo(5);
        assertThat(history.read().sizes()).extracting(SizeRecord::bytes).containsExactly(100L, 7L, 8L);
    }

    @Test
    void aFileThatIsNoTextAFolderAndAHugeFileAreDamaged() throws Exception {
        Files.createDirectories(file);
        assertThat(history.read()).isEqualTo(new SizeHistory.Content(java.util.List.of(), 1));
        Files.delete(file);
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(history.read().damaged()).isOne();
        Files.write(file, new byte[2 << 20]);
        assertThat(history.read().damaged()).isOne();
        assertThatThrownBy(() -> record(1, 5)).isInstanceOf(IOException.class);
        assertThat(file).hasSize(2 << 20);
    }

    @Test
    void aClockThatWasWrongDoesNotMixUpTheOrder() throws Exception {
        record(5, 500);
        record(1, 100);

        assertThat(history.read().sizes()).extracting(SizeRecord::bytes).containsExactly(100L, 500L);
    }

    @Test
    void theFileKeepsTheLastThousandChanges() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int day = 0; day < 1_000; day++) {
            lines.append("{\"at\":\"")
                    .append(DAY.plusSeconds(day * 86_400L))
                    .append("\",\"bytes\":")
                    .append(day)
                    .append("}\n");
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, lines);
        record(1_001, 1_001);

        assertThat(history.read().sizes())
                .hasSize(1_000)
                .first()
                .extracting(SizeRecord::bytes)
                .isEqualTo(1L);
    }
}
