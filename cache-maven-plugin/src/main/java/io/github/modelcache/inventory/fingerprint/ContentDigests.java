package io.github.modelcache.inventory.fingerprint;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.HashPool;
import io.github.modelcache.files.FileStamp;
import io.github.modelcache.inventory.scan.CacheEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What files really hash to: from the index where they are unchanged, by reading them otherwise. Counts both. Several
 * threads may ask; the reading is spread over the cores.
 */
public final class ContentDigests implements AutoCloseable {

    /** As long as a file's clock may stand still: several ticks. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    /** The same where times are whole seconds, of which FAT keeps only the even ones. */
    private static final long COARSE_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(2_025);

    private final Path indexFile;
    private final boolean rehash;
    private final Clock clock;
    private final HashPool pool;
    private final LinkResolver realFiles = new LinkResolver();
    private Optional<StampIndex> index = Optional.empty();
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
        this.pool = new HashPool(Runtime.getRuntime().availableProcessors());
    }

    /** Read when it is first needed: often nothing changed, and nobody asks. */
    private StampIndex index() {
        StampIndex loaded = index.orElseGet(() -> StampIndex.load(indexFile));
        index = Optional.of(loaded);
        return loaded;
    }

    /** Whether every file is read again. */
    public boolean rehash() {
        return rehash;
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
    public synchronized Pending digest(Path file, FileStamp stamp, DigestAlgorithm algorithm) {
        Optional<Digest> known = rehash ? Optional.empty() : index().find(file, stamp, algorithm);
        if (known.isPresent()) {
            bytesReused += stamp.size();
            return known::get;
        }
        bytesHashed += stamp.size();
        boolean settled = settled(stamp, clock);
        Future<Digest> reading = pool.submit(file, algorithm);
        return () -> {
            Digest digest = await(file, reading);
            if (settled) {
                remember(file, stamp, digest);
            }
            return digest;
        };
    }

    /** Whether the file is known to be as it was when it was last hashed. */
    public boolean knows(Path file, FileStamp stamp, DigestAlgorithm algorithm) {
        return known(file, stamp, algorithm).isPresent();
    }

    /** The digest of a file that looks as it did when it was last hashed; it is not counted as one that was asked for. */
    public synchronized Optional<Digest> known(Path file, FileStamp stamp, DigestAlgorithm algorithm) {
        return rehash ? Optional.empty() : index().find(file, stamp, algorithm);
    }

    /**
     * Remembers the digest of a file that was hashed while it arrived and has just been published.
     *
     * @param place where it lies now
     * @param file where it will be looked for; its folder may still have another name, which changes no stamp
     */
    public void published(Path place, Path file, Digest digest) throws IOException {
        CacheEntry entry = realFiles.look(place);
        FileStamp stamp = entry.stamp();
        if (tick(stamp) > TICK_NANOS) {
            return; // waiting for that clock would take longer than reading most files again
        }
        synchronized (this) {
            youngestNanos = Math.max(youngestNanos, touched(stamp));
            index().record(place.equals(file) ? entry.path() : file, stamp, digest);
        }
    }

    /** Bytes read and hashed so far. */
    public synchronized long bytesHashed() {
        return bytesHashed;
    }

    /** Bytes whose digest was known. */
    public synchronized long bytesReused() {
        return bytesReused;
    }

    /**
     * Writes what was learned; a cache that can't be written to is no reason to fail. Waits for the clock to leave the
     * tick in which the last file was published, a few milliseconds: an index as young as a file would not be trusted,
     * and the file, perhaps gigabytes, read again by the next goal.
     */
    public synchronized boolean save() {
        try {
            long wait = youngestNanos + TICK_NANOS - nanos(clock);
            if (wait > 0 && wait <= TICK_NANOS) {
                LockSupport.parkNanos(wait);
            }
            if (index.isPresent()) {
                index.get().save(indexFile);
            }
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

    private synchronized void remember(Path file, FileStamp before, Digest digest) throws IOException {
        if (FileStamp.of(file).equals(before)) {
            index().record(file, before, digest);
        }
    }

    /** Whether the clock that stamped a file has moved on, so that another change would show. */
    static boolean settled(FileStamp stamp, Clock clock) {
        return touched(stamp) + tick(stamp) < nanos(clock);
    }

    private static long touched(FileStamp stamp) {
        return Math.max(stamp.modifiedNanos(), stamp.changedNanos());
    }

    /** How long the clock that stamped a file may stand still. */
    private static long tick(FileStamp stamp) {
        return touched(stamp) % TimeUnit.SECONDS.toNanos(1) == 0 ? COARSE_TICK_NANOS : TICK_NANOS;
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
