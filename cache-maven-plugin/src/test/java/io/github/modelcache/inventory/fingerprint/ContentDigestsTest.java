package io.github.modelcache.inventory.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.files.FileStamp;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ContentDigestsTest {

    @Test
    void hashingWaitsForTheClockOfADiskWithWholeSeconds() {
        FileStamp stamp = new FileStamp(7, 10_000_000_000L, 0, 0);
        Clock withinTheTick = Clock.fixed(Instant.ofEpochSecond(11, 900_000_000), ZoneOffset.UTC);
        Clock afterIt = Clock.fixed(Instant.ofEpochSecond(12, 100_000_000), ZoneOffset.UTC);
        assertThat(ContentDigests.settled(stamp, withinTheTick)).isFalse();
        assertThat(ContentDigests.settled(stamp, afterIt)).isTrue();
        FileStamp fine = new FileStamp(7, 10_000_000_001L, 0, 0);
        assertThat(ContentDigests.settled(fine, withinTheTick)).isTrue();
    }
}
