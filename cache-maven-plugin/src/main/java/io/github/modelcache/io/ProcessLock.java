package io.github.modelcache.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps builds from doing the same work at the same time. Where a file system has no locks, or another user's lock may
 * not be opened, it is held by name only: then {@link #exclusive} says no, and whoever works must use names that nobody
 * else uses, so that atomic moves keep the result right.
 *
 * <p>The lock file stays when the lock is given back: deleting it would let two holders in.
 */
public final class ProcessLock implements Closeable {

    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final Optional<FileChannel> channel;

    private ProcessLock(Optional<FileChannel> channel) {
        this.channel = channel;
    }

    private enum Attempt {
        TAKEN,
        BUSY,
        IMPOSSIBLE
    }

    /**
     * Waits until nobody else holds the lock, in this process or another.
     *
     * @param file the lock file, created where missing
     * @param onWait told once when somebody else holds it
     * @throws IOException when its folder can't be created, or the thread is interrupted
     */
    @SuppressWarnings("ThreadSleep") // the JDK offers no wait for a lock that also covers this very process
    public static ProcessLock acquire(Path file, Runnable onWait) throws IOException {
        AtomicFiles.createParents(file);
        Optional<FileChannel> opened = open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (opened.isEmpty()) {
            return new ProcessLock(Optional.empty()); // another user's, say; the cache itself may be open to both
        }
        FileChannel channel = opened.get();
        GroupAccess.share(file);
        try {
            long pause = FIRST_PAUSE_MILLIS;
            Attempt attempt = attempt(channel);
            while (attempt == Attempt.BUSY) {
                if (pause == FIRST_PAUSE_MILLIS) {
                    onWait.run();
                }
                Thread.sleep(pause);
                pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
                attempt = attempt(channel);
            }
            if (attempt == Attempt.TAKEN) {
                return new ProcessLock(Optional.of(channel));
            }
            channel.close();
            return new ProcessLock(Optional.empty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            channel.close();
            throw new IOException("interrupted while waiting for " + file, e);
        } catch (RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Takes the lock if nobody holds it, without waiting. No lock file is made: one that is not there is held by nobody.
     *
     * @return empty when somebody else holds it
     */
    public static Optional<ProcessLock> tryAcquire(Path file) throws IOException {
        Optional<FileChannel> opened = open(file, StandardOpenOption.WRITE);
        if (opened.isEmpty()) {
            return Optional.of(new ProcessLock(Optional.empty()));
        }
        FileChannel channel = opened.get();
        Attempt attempt = attempt(channel);
        if (attempt == Attempt.TAKEN) {
            return Optional.of(new ProcessLock(Optional.of(channel)));
        }
        channel.close();
        return attempt == Attempt.BUSY ? Optional.empty() : Optional.of(new ProcessLock(Optional.empty()));
    }

    /** The lock file, empty where it may not be opened; a link counts as such, because it could have a file made anywhere. */
    private static Optional<FileChannel> open(Path file, StandardOpenOption... how) throws IOException {
        Set<OpenOption> options = new HashSet<>(List.of(how));
        options.add(LinkOption.NOFOLLOW_LINKS);
        try {
            return Optional.of(FileChannel.open(file, options));
        } catch (FileSystemException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (Files.isSymbolicLink(file)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Attempt attempt(FileChannel channel) {
        try {
            FileLock lock = channel.tryLock();
            return lock == null ? Attempt.BUSY : Attempt.TAKEN;
        } catch (OverlappingFileLockException e) {
            return Attempt.BUSY; // another thread of this process
        } catch (IOException e) {
            return Attempt.IMPOSSIBLE;
        }
    }

    /** Whether it keeps others out. */
    public boolean exclusive() {
        return channel.isPresent();
    }

    @Override
    public void close() throws IOException {
        if (channel.isPresent()) {
            channel.get().close(); // gives the lock back
        }
    }
}
