package io.github.modelcache.inventory;

import io.github.modelcache.io.Digest;
import io.github.modelcache.io.DigestAlgorithm;
import io.github.modelcache.io.FileStamp;
import io.github.modelcache.io.HashPool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What files really hash to: from the index where they are unchanged, by reading them otherwise. Counts both. One
 * thread asks; the reading is spread over the cores.
 */
public final class ContentDigests implements AutoCloseable {

    /** As long as a file's clock may stand still: several ticks. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    private final StampIndex index;
    private final Path indexFile;
    private final boolean rehash;
    private final Clock clock;
    private final HashPool pool;
    private long youngestNanos;
    private long bytesHashed;
    private long bytesReused;

    /**
     * Digests backed by an index.
     *
     * @param indexFile where the index is kept
     * @param rehash whether to read every file again
     * @param clock tells which files are too young to be trusted by their stamps
     */
    public ContentDigests(Path indexFile, boolean rehash, Clock clock) {
        this.indexFile = indexFile;
        this.rehash = rehash;
        this.clock = clock;
        this.index = StampIndex.load(indexFile);
        this.pool = new HashPool(Runtime.getRuntime().availableProcessors());
    }

    /** A digest that is known or being computed. */
    public interface Pending {
        /**
         * Waits for the digest.
         *
         * @throws IOException when the file can't be read, or changes while it is
         */
        Digest get() throws IOException;
    }

    /** The digest of a file that looks like {@code stamp}; starts reading it at once if that is needed. */
    public Pending digest(Path file, FileStamp stamp, DigestAlgorithm algorithm) {
        Optional<Digest> known = rehash ? Optional.empty() : index.find(file, stamp, algorithm);
        if (known.isPresent()) {
            bytesReused += stamp.size();
            return known::get;
        }
        bytesHashed += stamp.size();
        long started = nanos(clock);
        Future<Digest> reading = pool.submit(file, algorithm);
        return () -> {
            Digest digest = await(file, reading);
            remember(file, stamp, digest, started);
            return digest;
        };
    }

    /** Remembers the digest of a file that was hashed while it arrived and has just been published. */
    public void published(Path file, Digest digest) throws IOException {
        FileStamp stamp = FileStamp.of(file);
        youngestNanos = Math.max(youngestNanos, Math.max(stamp.modifiedNanos(), stamp.changedNanos()));
        index.record(file, stamp, digest);
    }

    /** Bytes read and hashed so far. */
    public long bytesHashed() {
        return bytesHashed;
    }

    /** Bytes whose digest was known. */
    public long bytesReused() {
        return bytesReused;
    }

    /**
     * Writes what was learned; a cache that can't be written to is no reason to fail. Waits for the clock to leave the
     * tick in which the last file was published, a few milliseconds: an index as young as a file would not be trusted,
     * and the file, perhaps gigabytes, read again by the next goal.
     */
    public boolean save() {
        try {
            long wait = youngestNanos + TICK_NANOS - nanos(clock);
            if (wait > 0 && wait <= TICK_NANOS) {
                LockSupport.parkNanos(wait);
            }
            index.save(indexFile);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private static long nanos(Clock clock) {
        return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    private void remember(Path file, FileStamp before, Digest digest, long started) throws IOException {
        boolean unchanged = FileStamp.of(file).equals(before);
        boolean settled = Math.max(before.modifiedNanos(), before.changedNanos()) + TICK_NANOS < started;
        if (unchanged && settled) {
            index.record(file, before, digest);
        }
    }

    private static Digest await(Path file, Future<Digest> reading) throws IOException {
        try {
            return reading.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(file + " can't be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading " + file, e);
        }
    }
}
