package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class ConnectionCountTest {
    private static final long TICK = 50_000_000L;
    private static final int TICKS = 1000;

    @Test
    void beginsWithAll() {
        assertThat(new ConnectionCount(16, 0).wanted()).isEqualTo(16);
    }

    @Test
    void keepsAllWhereEachConnectionIsCapped() {
        assertThat(after(16, connections -> connections * 30L)).isEqualTo(16);
        assertThat(after(8, connections -> connections * 30L)).isEqualTo(8);
        assertThat(after(3, connections -> connections * 30L)).isEqualTo(3);
    }

    @Test
    void goesBackToOneWhereAllTogetherAreCapped() {
        assertThat(after(16, connections -> 100)).isEqualTo(1);
    }

    @Test
    void goesBackToFourWhereMoreAreNotFasterButFewerAreSlower() {
        assertThat(after(16, connections -> Math.min(4, connections) * 30L)).isEqualTo(4);
    }

    @Test
    void triesNothingInADownloadThatIsSoonOver() {
        ConnectionCount count = new ConnectionCount(16, 0);
        for (long now = 0; now < 10_000_000_000L; now += TICK) {
            count.measured(now, 100, true);
            assertThat(count.wanted()).isEqualTo(16);
        }
    }

    @Test
    void keepsToWhatTheServerAllows() {
        ConnectionCount count = new ConnectionCount(16, 0);
        count.refused(5);
        assertThat(count.wanted()).isEqualTo(5);
        count.refused(2);
        assertThat(count.wanted()).isEqualTo(2);
        count.refused(0);
        assertThat(count.wanted()).isEqualTo(1);
        assertThat(run(count, connections -> connections * 30L)).isEqualTo(1);
    }

    @Test
    void decidesNothingWhileConnectionsAreMissing() {
        ConnectionCount count = new ConnectionCount(16, 0);
        for (int i = 0; i < TICKS; i++) {
            count.measured(i * TICK, i * 1000L, false);
        }
        assertThat(count.wanted()).isEqualTo(16);
    }

    private static int after(int most, IntToLongFunction bytesATick) {
        return run(new ConnectionCount(most, 0), bytesATick);
    }

    private static int run(ConnectionCount count, IntToLongFunction bytesATick) {
        long bytes = 0;
        for (int i = 0; i < TICKS; i++) {
            bytes += bytesATick.applyAsLong(count.wanted());
            count.measured(i * TICK, bytes, true);
        }
        return count.wanted();
    }
}
