package io.github.modelcache.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps builds from doing the same work at the same time. It only saves work: where a file system has no locks, or they
 * do not reach another machine, both do it, and unique temporaries with atomic moves keep the result right.
 *
 * <p>The lock file stays when the lock is given back: deleting it would let two holders in.
 */
public final class ProcessLock implements Closeable {

    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final FileChannel channel;

    private ProcessLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits until nobody else holds the lock, in this process or another.
     *
     * @param file the lock file, created where missing
     * @param onWait told once when somebody else holds it
     * @throws IOException when the file can't be created, or the thread is interrupted
     */
    @SuppressWarnings("ThreadSleep") // the JDK offers no wait for a lock that also covers this very process
    public static ProcessLock acquire(Path file, Runnable onWait) throws IOException {
        Files.createDirectories(file.getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            long pause = FIRST_PAUSE_MILLIS;
            while (!taken(channel)) {
                if (pause == FIRST_PAUSE_MILLIS) {
                    onWait.run();
                }
                Thread.sleep(pause);
                pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
            }
            return new ProcessLock(channel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            channel.close();
            throw new IOException("interrupted while waiting for " + file, e);
        } catch (RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private static boolean taken(FileChannel channel) {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // another thread of this process
        } catch (IOException e) {
            return true; // a file system without locks: go on without
        }
    }

    @Override
    public void close() throws IOException {
        channel.close(); // gives the lock back
    }
}
