package io.github.modelcache.mojo.maven;

import io.github.modelcache.units.ByteSize;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Prints the progress of long transfers in batch mode, one line in 30 seconds for all transfers of a build.
 */
final class TransferNews {

    private static final long FIRST_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long NEXT_NANOS = Duration.ofSeconds(30).toNanos();

    private final Consumer<String> news;
    private final LongSupplier nanos;
    private final AtomicLong next;

    TransferNews(Consumer<String> news, LongSupplier nanos) {
        this.news = news;
        this.nanos = nanos;
        this.next = new AtomicLong(nanos.getAsLong() + FIRST_NANOS);
    }

    /**
     * Bytes of a file arrived or were sent.
     *
     * @param doing what happens to it: {@code Fetching}
     * @param total its size, or -1 if unknown
     */
    void progressed(String doing, String file, long bytes, long total) {
        long now = nanos.getAsLong();
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + NEXT_NANOS)) {
            news.accept(doing + " " + file + ": " + ByteSize.format(bytes)
                    + (total < 0 ? " so far" : " of " + ByteSize.format(total)));
        }
    }
}
