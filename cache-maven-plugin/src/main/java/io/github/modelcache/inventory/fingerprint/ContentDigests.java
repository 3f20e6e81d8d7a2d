package io.github.modelcache.inventory.fingerprint;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.HashPool;
import io.github.modelcache.files.FileStamp;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.progress.Activity;
import io.github.modelcache.progress.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The digests of files: from the index if they are unchanged, otherwise by hashing them on all cores. Thread-safe. */
public final class ContentDigests implements AutoCloseable {

    /** Several ticks of the clocks that stamp files. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    /** The same where times are whole seconds; FAT keeps only even ones. */
    private static final long COARSE_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(2_025);

    private final Path indexFile;
    private final boolean rehash;
    private final Clock clock;
    private final HashPool pool;
    private final Progress progress;
    private volatile Progress.Work work = Progress.Work.UNSEEN;
    private final LinkResolver realFiles = new LinkResolver();
    private Optional<StampIndex> index = Optional.empty();
    private long youngestNanos;
    private long bytesHashed;
    private long bytesReused;

    /**
     * Digests with an index.
     *
     * @param rehash whether to hash every file again
     * @param clock decides which files are too young for their stamps to be trusted
     */
    public ContentDigests(Path indexFile, boolean rehash, Clock clock) {
        this(indexFile, rehash, clock, Progress.NONE);
    }

    /** The same, with the progress of long work. */
    public ContentDigests(Path indexFile, boolean rehash, Clock clock, Progress progress) {
        this.progress = progress;
        this.indexFile = indexFile;
        this.rehash = rehash;
        this.clock = clock;
        this.pool = new HashPool(Runtime.getRuntime().availableProcessors(), read -> work.done(read));
    }

    /** Read when it is first needed. */
    private StampIndex index() {
        StampIndex loaded = index.orElseGet(() -> StampIndex.load(indexFile));
        index = Optional.of(loaded);
        return loaded;
    }

    /** Whether every file is hashed again. */
    public boolean rehash() {
        return rehash;
    }

    /** A digest that is known or being computed. */
    public interface Pending {
        /**
         * Waits for the digest.
         *
         * @throws IOException when the file can't be read, or changes meanwhile
         */
        Digest get() throws IOException;
    }

    /** The digest of a file with this stamp; starts to hash it at once if it is not known. */
    public synchronized Pending digest(Path file, FileStamp stamp, DigestAlgorithm algorithm) {
        Optional<Digest> known = rehash ? Optional.empty() : index().find(file, stamp, algorithm);
        if (known.isPresent()) {
            bytesReused += stamp.size();
            return known::get;
        }
        bytesHashed += stamp.size();
        if (work == Progress.Work.UNSEEN) {
            work = progress.begin(Activity.HASHING);
        }
        work.planned(stamp.size());
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

    /** Whether the index has the digest of a file with this stamp. */
    public boolean knows(Path file, FileStamp stamp, DigestAlgorithm algorithm) {
        return known(file, stamp, algorithm).isPresent();
    }

    /** The digest that the index has of a file with this stamp; not counted as reused. */
    public synchronized Optional<Digest> known(Path file, FileStamp stamp, DigestAlgorithm algorithm) {
        return rehash ? Optional.empty() : index().find(file, stamp, algorithm);
    }

    /**
     * Stores the digest of a downloaded file that has just been published.
     *
     * @param place its path now
     * @param file its final path, if its folder is still to be renamed
     */
    public void published(Path place, Path file, Digest digest) throws IOException {
        CacheEntry entry = realFiles.resolve(place);
        FileStamp stamp = entry.stamp();
        if (tick(stamp) > TICK_NANOS) {
            return; // waiting for a coarse clock takes longer than to hash most files again
        }
        synchronized (this) {
            youngestNanos = Math.max(youngestNanos, touched(stamp));
            index().record(place.equals(file) ? entry.path() : file, stamp, digest);
        }
    }

    /** The bytes hashed so far. */
    public synchronized long bytesHashed() {
        return bytesHashed;
    }

    /** The bytes whose digest was in the index. */
    public synchronized long bytesReused() {
        return bytesReused;
    }

    /**
     * Writes the index; whether that was possible. Waits some milliseconds until the clock has left the tick in which the
     * last file was published: a stamp as young as the index would not be trusted.
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
        work.close();
    }

    private static long nanos(Clock clock) {
        return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    private synchronized void remember(Path file, FileStamp before, Digest digest) throws IOException {
        if (FileStamp.of(file).equals(before)) {
            index().record(file, before, digest);
        }
    }

    /** Whether the clock that stamped a file has moved on, so that its next change will show. */
    static boolean settled(FileStamp stamp, Clock clock) {
        return touched(stamp) + tick(stamp) < nanos(clock);
    }

    private static long touched(FileStamp stamp) {
        return Math.max(stamp.modifiedNanos(), stamp.changedNanos());
    }

    /** The longest tick of the clock that stamped a file. */
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
