package io.github.modelcache.mojo.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TransferNewsTest {

    @Test
    void saysHowFarALongTransferIsAndNotMoreOftenThanEveryHalfMinute() {
        AtomicLong seconds = new AtomicLong();
        List<String> lines = new ArrayList<>();
        TransferNews news = new TransferNews(
                lines::add, () -> Duration.ofSeconds(seconds.get()).toNanos());
        for (; seconds.get() <= 70; seconds.incrementAndGet()) {
            news.progressed("Fetching", "a.bin", seconds.get() * 1_000_000, 200_000_000);
            news.progressed("Fetching", "b.bin", seconds.get(), -1);
        }
        assertThat(lines)
                .containsExactly(
                        "Fetching a.bin: 5.0 MB of 200 MB",
                        "Fetching a.bin: 35 MB of 200 MB",
                        "Fetching a.bin: 65 MB of 200 MB");
        news.progressed("Fetching", "c.bin", 7, -1);
        seconds.set(200);
        news.progressed("Sending", "d.bin", 2_000_000, -1);
        assertThat(lines).last().isEqualTo("Sending d.bin: 2.0 MB so far");
    }
}
