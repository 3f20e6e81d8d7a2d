package io.github.modelcache.process;

import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.GroupPermissions;
import io.github.modelcache.files.RegularFile;
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
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps builds from doing the same work at the same time. Where a file system has no locks, or another user's lock may
 * not be opened, it is held by name only: then {@link #exclusive} says no, and whoever works must use names that nobody
 * else uses, so that atomic moves keep the result right.
 *
 * <p>The lock file stays when the lock is given back. Only who holds the lock may delete it, as whoever waited for that very
 * file looks then whether it is there still, and takes the lock of the next one.
 */
public final class ProcessLock implements Closeable {

    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    /** A file system whose numbers of files mean nothing must not keep anybody looking for ever. */
    private static final int MOST_LOOKS = 5;

    /**
     * What threads of this JVM hold, or wait for. A POSIX lock is the whole process's, and closing any channel to the file
     * gives it back; so there must never be a second channel, and only something that all threads share can tell.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path name;
    private final Optional<FileChannel> channel;

    private ProcessLock(Path file, Optional<FileChannel> channel) {
        this.name = name(file);
        this.channel = channel;
    }

    private static Path name(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private enum Attempt {
        TAKEN,
        BUSY,
        IMPOSSIBLE
    }

    /** What somebody does who finds a lock held. */
    @FunctionalInterface
    private interface Patience {
        /** Waits a while; false to give up. */
        boolean again() throws InterruptedException;
    }

    /**
     * Waits until nobody else holds the lock, in this process or another.
     *
     * @param file the lock file, created where missing
     * @param onWait told once when somebody else holds it
     * @throws IOException when its folder can't be created, a pipe, a socket or a device is in the lock file's place, or the
     *     thread is interrupted
     */
    public static ProcessLock acquire(Path file, Runnable onWait) throws IOException {
        return take(file, true, new Waiting(onWait))
                .orElseThrow(() -> new IllegalStateException("gave up waiting for " + file));
    }

    /**
     * Takes the lock if nobody holds it, without waiting. No lock file is made: one that is not there is held by nobody.
     *
     * @return empty when somebody else holds it
     */
    public static Optional<ProcessLock> tryAcquire(Path file) throws IOException {
        return take(file, false, () -> false);
    }

    /**
     * Takes the lock if nobody holds it, without waiting, so that nobody else has it until it is given back.
     *
     * @param file the lock file, created where missing; where it can't be, the lock is held by name only
     * @return empty when somebody else holds it
     */
    public static Optional<ProcessLock> tryShutOut(Path file) throws IOException {
        try {
            return take(file, true, () -> false);
        } catch (FileSystemException e) {
            return Optional.of(new ProcessLock(file, Optional.empty())); // a full disk, say, that is being cleaned
        }
    }

    /** Waits for as long as it takes, ever more rarely looking again. */
    private static final class Waiting implements Patience {

        private final Runnable onWait;
        private long pause = FIRST_PAUSE_MILLIS;

        Waiting(Runnable onWait) {
            this.onWait = onWait;
        }

        @Override
        @SuppressWarnings("ThreadSleep") // the JDK offers no wait for a lock that also covers this very process
        public boolean again() throws InterruptedException {
            if (pause == FIRST_PAUSE_MILLIS) {
                onWait.run();
            }
            Thread.sleep(pause);
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
            return true;
        }
    }

    private static Optional<ProcessLock> take(Path file, boolean make, Patience patience) throws IOException {
        Path name = name(file);
        try {
            while (!OURS.add(name)) {
                if (!patience.again()) {
                    return Optional.empty();
                }
            }
            Optional<ProcessLock> taken = Optional.empty();
            try {
                taken = locked(file, make, patience);
                return taken;
            } finally {
                if (taken.filter(ProcessLock::exclusive).isEmpty()) {
                    OURS.remove(name);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + file, e);
        }
    }

    /** Whoever gives a lock back may have deleted its file, as a move of the cache does; then the one that counts is new. */
    private static Optional<ProcessLock> locked(Path file, boolean make, Patience patience)
            throws IOException, InterruptedException {
        for (int look = 1; ; look++) {
            Optional<Object> before = identity(file);
            Optional<FileChannel> opened = make ? made(file) : open(file, StandardOpenOption.WRITE);
            if (opened.isEmpty()) {
                return Optional.of(new ProcessLock(file, opened)); // another user's, say; the cache may be open to both
            }
            Attempt attempt = attempt(opened.get(), patience);
            boolean taken = attempt == Attempt.TAKEN;
            if (taken && (look == MOST_LOOKS || identity(file).equals(before))) {
                return Optional.of(new ProcessLock(file, opened));
            }
            opened.get().close();
            if (!taken) {
                return attempt == Attempt.BUSY
                        ? Optional.empty()
                        : Optional.of(new ProcessLock(file, Optional.empty()));
            }
        }
    }

    private static Optional<FileChannel> made(Path file) throws IOException {
        if (isSpecial(file)) {
            RegularFile.require(file, LinkOption.NOFOLLOW_LINKS); // says what it is: nobody could ever lock it
        }
        Optional<FileChannel> opened = Optional.empty();
        for (int look = 1; opened.isEmpty() && look <= MOST_LOOKS; look++) {
            AtomicFiles.createParents(file); // again where somebody deletes empty folders just then
            opened = open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        }
        if (opened.isPresent()) {
            GroupPermissions.share(file);
        }
        return opened;
    }

    /** What tells a file from another one of its name; empty where none is, or nothing tells. */
    private static Optional<Object> identity(Path file) {
        try {
            return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The lock file, empty where it may not be opened; a link counts as such, because it could have a file made anywhere. */
    private static Optional<FileChannel> open(Path file, StandardOpenOption... how) throws IOException {
        if (isSpecial(file)) {
            return Optional.empty(); // opening a pipe waits for a reader for ever
        }
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

    /** Whether it is a pipe, a socket or a device. */
    private static boolean isSpecial(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther();
        } catch (IOException e) {
            return false;
        }
    }

    private static Attempt attempt(FileChannel channel, Patience patience) throws IOException, InterruptedException {
        try {
            Attempt attempt = attempt(channel);
            while (attempt == Attempt.BUSY && patience.again()) {
                attempt = attempt(channel);
            }
            return attempt;
        } catch (InterruptedException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private static Attempt attempt(FileChannel channel) {
        try {
            FileLock lock = channel.tryLock();
            return lock == null ? Attempt.BUSY : Attempt.TAKEN;
        } catch (OverlappingFileLockException e) {
            return Attempt.BUSY; // another thread of this process, by another name of the file
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
        if (channel.isPresent() && channel.get().isOpen()) {
            try {
                channel.get().close(); // gives the lock back
            } finally {
                OURS.remove(name); // only now may another thread open the file
            }
        }
    }
}
