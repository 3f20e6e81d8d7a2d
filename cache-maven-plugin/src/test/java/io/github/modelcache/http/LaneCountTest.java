package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class LaneCountTest {
    private static final long TICK = 50_000_000L;
    private static final int TICKS = 200;

    @Test
    void growsWhereEachConnectionIsCapped() {
        assertThat(after(16, lanes -> lanes * 30L)).isEqualTo(16);
        assertThat(after(8, lanes -> lanes * 30L)).isEqualTo(8);
        assertThat(after(3, lanes -> lanes * 30L)).isEqualTo(3);
    }

    @Test
    void goesBackToOneWhereAllTogetherAreCapped() {
        assertThat(after(16, lanes -> 100)).isEqualTo(1);
    }

    @Test
    void goesBackToFourWhereMoreAreNotFasterButOneIsSlower() {
        assertThat(after(16, lanes -> Math.min(4, lanes) * 30L)).isEqualTo(4);
    }

    @Test
    void keepsToWhatTheServerAllows() {
        LaneCount count = new LaneCount(16, 0);
        count.refused(5);
        assertThat(count.wanted()).isEqualTo(4);
        count.refused(2);
        assertThat(count.wanted()).isEqualTo(2);
        count.refused(0);
        assertThat(count.wanted()).isEqualTo(1);
        assertThat(run(count, lanes -> lanes * 30L)).isEqualTo(1);
    }

    @Test
    void decidesNothingWhileConnectionsAreMissing() {
        LaneCount count = new LaneCount(16, 0);
        for (int i = 0; i < TICKS; i++) {
            count.measured(i * TICK, i * 1000L, false);
        }
        assertThat(count.wanted()).isEqualTo(4);
    }

    private static int after(int most, IntToLongFunction bytesATick) {
        return run(new LaneCount(most, 0), bytesATick);
    }

    private static int run(LaneCount count, IntToLongFunction bytesATick) {
        long bytes = 0;
        for (int i = 0; i < TICKS; i++) {
            bytes += bytesATick.applyAsLong(count.wanted());
            count.measured(i * TICK, bytes, true);
        }
        return count.wanted();
    }
}
