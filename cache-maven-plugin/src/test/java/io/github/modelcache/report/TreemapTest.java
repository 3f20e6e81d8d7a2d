package io.github.modelcache.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TreemapTest {

    /** The example of the paper: 6, 6, 4, 3, 2, 2, 1 in a rectangle of 6 by 4. */
    @Test
    void theExampleOfThePaperGetsItsTiles() {
        List<Treemap.Tile> tiles = Treemap.layout(List.of(6L, 6L, 4L, 3L, 2L, 2L, 1L), 6, 4);

        assertThat(tiles.get(0)).isEqualTo(new Treemap.Tile(0, 0, 3, 2));
        assertThat(tiles.get(1)).isEqualTo(new Treemap.Tile(0, 2, 3, 2));
        assertThat(tiles.get(2).x()).isEqualTo(3);
        assertThat(tiles.get(2).width()).isCloseTo(12.0 / 7, within(1e-9));
        assertThat(tiles.get(2).height()).isCloseTo(7.0 / 3, within(1e-9));
    }

    @Test
    void areasAreProportionalAndNothingOverlapsOrLeavesTheRectangle() {
        List<Long> sizes = LongStream.rangeClosed(1, 60)
                .mapToObj(i -> i * i * i)
                .sorted(Collections.reverseOrder())
                .toList();
        double total = sizes.stream().mapToLong(Long::longValue).sum();
        List<Treemap.Tile> tiles = Treemap.layout(sizes, 1000, 420);

        for (int i = 0; i < tiles.size(); i++) {
            Treemap.Tile tile = tiles.get(i);
            assertThat(tile.width() * tile.height()).isCloseTo(sizes.get(i) / total * 420_000, within(1e-3));
            assertThat(tile.x() + tile.width()).isLessThan(1000.001);
            assertThat(tile.y() + tile.height()).isLessThan(420.001);
            for (Treemap.Tile other : tiles.subList(i + 1, tiles.size())) {
                boolean apart = tile.x() + tile.width() <= other.x() + 1e-6
                        || other.x() + other.width() <= tile.x() + 1e-6
                        || tile.y() + tile.height() <= other.y() + 1e-6
                        || other.y() + other.height() <= tile.y() + 1e-6;
                assertThat(apart).isTrue();
            }
        }
    }

    @Test
    void oneSizeFillsAllAndExtremeSizesAreNoProblem() {
        assertThat(Treemap.layout(List.of(1L), 10, 20)).containsExactly(new Treemap.Tile(0, 0, 10, 20));
        assertThat(Treemap.layout(List.of(Long.MAX_VALUE, Long.MAX_VALUE, 1L), 1000, 400))
                .hasSize(3)
                .allSatisfy(tile -> assertThat(tile.width()).isNotNaN());
        assertThat(Treemap.layout(List.of(), 10, 20)).isEmpty();
    }
}
