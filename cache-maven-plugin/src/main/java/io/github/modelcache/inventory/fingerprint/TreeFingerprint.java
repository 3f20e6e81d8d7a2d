package io.github.modelcache.inventory.fingerprint;

import io.github.modelcache.files.FileStamp;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;

/** One number for the paths, sizes, times and inodes of all entries of some trees. It changes when any of them does. */
public final class TreeFingerprint implements CacheWalk.Visitor {

    private final Clock clock;
    private long value;
    private boolean settled = true;

    /**
     * A fingerprint of nothing.
     *
     * @param clock decides which entries are too young for their times to show the next change
     */
    public TreeFingerprint(Clock clock) {
        this.clock = clock;
    }

    /** Adds a file, or a folder with everything below it; links in it are not followed into folders. */
    public void add(Path start) throws IOException {
        add(CacheEntry.target(start));
        CacheWalk.walk(start, this);
    }

    /** The fingerprint; the order in which entries were added does not matter. */
    public long value() {
        return value;
    }

    /** Whether each later change will change the value. */
    public boolean settled() {
        return settled;
    }

    @Override
    public void directory(CacheEntry directory) {
        add(directory);
    }

    @Override
    public void entry(CacheEntry entry) {
        add(entry);
        if (entry.kind() == CacheEntry.Kind.LINK) {
            target(entry.path());
        }
    }

    private void target(Path link) {
        try {
            CacheEntry target = CacheEntry.target(link);
            settled = settled && target.kind() == CacheEntry.Kind.FILE; // a folder elsewhere is not walked
            add(target);
        } catch (NoSuchFileException e) {
            return; // when the target appears, it is added
        } catch (IOException e) {
            settled = false;
        }
    }

    @Override
    public void unreadable(Path path, IOException reason) {
        settled = false;
    }

    private void add(CacheEntry entry) {
        FileStamp stamp = entry.stamp();
        // Without ctime, as on Windows, a change may leave no trace.
        settled = settled && stamp.changedNanos() != 0 && ContentDigests.settled(stamp, clock);
        long mixed = mix(entry.path().hashCode());
        mixed = mix(mixed ^ stamp.size());
        mixed = mix(mixed ^ stamp.modifiedNanos());
        mixed = mix(mixed ^ stamp.changedNanos());
        value += mix(mixed ^ stamp.inode());
    }

    /** Spreads each bit over all: the finalizer of <a href="https://doi.org/10.1145/2660193.2660195">SplitMix64</a>. */
    private static long mix(long number) {
        long mixed = number + 0x9e37_79b9_7f4a_7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ (mixed >>> 31);
    }
}
