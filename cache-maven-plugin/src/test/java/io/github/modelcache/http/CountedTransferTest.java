package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.progress.Activity;
import io.github.modelcache.progress.Progress;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

class CountedTransferTest {

    private static final URI FILE = URI.create("https://example.org/model.bin");

    private final Sums sums = new Sums();
    private final CountedTransfer transfer = new CountedTransfer(activity -> sums, Activity.DOWNLOADING);

    private static final class Sums implements Progress.Work {
        private long opened;
        private long found;
        private long done;
        private int closed;

        @Override
        public void planned(long bytes) {}

        @Override
        public void opened(long bytes) {
            opened += bytes;
        }

        @Override
        public void found(long bytes) {
            found += bytes;
        }

        @Override
        public void done(long bytes) {
            done += bytes;
        }

        @Override
        public void reached(long bytes) {}

        @Override
        public void close() {
            closed++;
        }
    }

    @Test
    void whatIsThereAlreadyIsFoundAndTheRestIsDone() {
        transfer.started(FILE, 40, 100);
        transfer.progressed(60);
        transfer.succeeded();

        assertThat(sums.opened).isEqualTo(100);
        assertThat(sums.found).isEqualTo(40);
        assertThat(sums.done).isEqualTo(60);
        assertThat(sums.closed).isOne();
    }

    @Test
    void aTransferThatStartsOverGivesItsBytesBack() {
        transfer.started(FILE, 40, 100);
        transfer.progressed(30);
        transfer.started(FILE, 0, 100);
        transfer.progressed(100);
        transfer.succeeded();

        assertThat(sums.opened).isEqualTo(100);
        assertThat(sums.found + sums.done).isEqualTo(100);
    }

    @Test
    void aFailedTransferIsOverAndAnUnknownSizeIsNone() {
        transfer.started(FILE, 0, -1);
        transfer.failed(new IOException("broken"));

        assertThat(sums.opened).isZero();
        assertThat(sums.closed).isOne();
    }
}
