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
 * Excludes other builds from the same work. If the file system has no locks, or another user's lock file can't be opened,
 * the lock excludes nobody ({@link #exclusive} is false), and correctness rests on unique temporary files and atomic
 * renames. The lock file remains after release; only the holder may delete it.
 */
public final class ProcessLock implements Closeable {

    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    /** Ends the search on a file system without stable inodes. */
    private static final int MOST_LOOKS = 5;

    /**
     * The locks of all threads of this JVM. A POSIX lock belongs to the process, and closing any channel of the file
     * releases it, so there must never be a second channel.
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

    /** What to do while another process holds the lock. */
    @FunctionalInterface
    private interface Patience {
        /** Waits a while; false to give up. */
        boolean again() throws InterruptedException;
    }

    /**
     * Takes the lock, and waits while another thread or process holds it.
     *
     * @param file the lock file, created if missing
     * @param onWait called once if another holds it
     * @throws IOException if its folder can't be created, the file is a pipe, socket or device, or on an interrupt
     */
    public static ProcessLock acquire(Path file, Runnable onWait) throws IOException {
        return take(file, true, new Waiting(onWait))
                .orElseThrow(() -> new IllegalStateException("gave up waiting for " + file));
    }

    /**
     * Takes the lock without waiting and without creating its file; a missing file counts as free.
     *
     * @return empty if another holds it
     */
    public static Optional<ProcessLock> tryAcquire(Path file) throws IOException {
        return take(file, false, () -> false);
    }

    /** Whether another holds the lock. */
    public static boolean isHeld(Path file) throws IOException {
        Optional<ProcessLock> taken = tryAcquire(file);
        if (taken.isPresent()) {
            taken.get().close();
        }
        return taken.isEmpty();
    }

    /**
     * Takes the lock without waiting, and creates its file if possible.
     *
     * @return empty if another holds it
     */
    public static Optional<ProcessLock> tryShutOut(Path file) throws IOException {
        try {
            return take(file, true, () -> false);
        } catch (FileSystemException e) {
            return Optional.of(new ProcessLock(file, Optional.empty())); // such as a full disk that is being cleaned
        }
    }

    /** Waits without limit, with growing pauses. */
    private static final class Waiting implements Patience {

        private final Runnable onWait;
        private long pause = FIRST_PAUSE_MILLIS;

        Waiting(Runnable onWait) {
            this.onWait = onWait;
        }

        @Override
        @SuppressWarnings("ThreadSleep") // the JDK has no wait for a lock that also covers this process
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

    /** Tries again if the file was replaced meanwhile, as a relocation of the cache does. */
    private static Optional<ProcessLock> locked(Path file, boolean make, Patience patience)
            throws IOException, InterruptedException {
        for (int look = 1; ; look++) {
            Optional<Object> before = identity(file);
            Optional<FileChannel> opened = make ? made(file) : open(file, StandardOpenOption.WRITE);
            if (opened.isEmpty()) {
                return Optional.of(new ProcessLock(file, opened)); // such as the file of another user
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
            RegularFile.require(file, LinkOption.NOFOLLOW_LINKS); // names its type
        }
        Optional<FileChannel> opened = Optional.empty();
        for (int look = 1; opened.isEmpty() && look <= MOST_LOOKS; look++) {
            AtomicFiles.createParents(file); // again, because another process may delete empty folders
            opened = open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        }
        if (opened.isPresent()) {
            GroupPermissions.share(file);
        }
        return opened;
    }

    /** The identity of a file; empty if it is missing or the platform has none. */
    private static Optional<Object> identity(Path file) {
        try {
            return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Opens the lock file; empty if it can't be opened, or is a link, through which a file could be created anywhere. */
    private static Optional<FileChannel> open(Path file, StandardOpenOption... how) throws IOException {
        if (isSpecial(file)) {
            return Optional.empty(); // opening a pipe blocks until there is a reader
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
            return Attempt.BUSY; // another thread of this process under another name
        } catch (IOException e) {
            return Attempt.IMPOSSIBLE;
        }
    }

    /** Whether it excludes others. */
    public boolean exclusive() {
        return channel.isPresent();
    }

    @Override
    public void close() throws IOException {
        if (channel.isPresent() && channel.get().isOpen()) {
            try {
                channel.get().close(); // releases the lock
            } finally {
                OURS.remove(name); // only now may another thread open the file
            }
        }
    }
}
