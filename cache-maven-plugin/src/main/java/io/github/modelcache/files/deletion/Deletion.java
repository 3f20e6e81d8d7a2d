package io.github.modelcache.files.deletion;

import io.github.modelcache.concurrent.WorkSharingExecutor;
import io.github.modelcache.files.HardLinks;
import io.github.modelcache.files.Mounts;
import io.github.modelcache.files.SecureDirectory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * One run over a tree that deletes what may go. The entries of large folders are shared among the cores: while one
 * waits for the disk to drop a file, another looks at the next. What can't be deleted stays, and the rest goes all the
 * same.
 */
final class Deletion implements AutoCloseable {

    /** Whoever drops a file waits for the disk most of the time, and disks do several things at once. */
    private static final int THREADS = 6;

    private static final int ENTRIES_A_PART = 64;
    /** Fewer are deleted sooner than a helper wakes up. */
    private static final int WORTH_SHARING = 16;

    /** From here on the order matters, says {@code rm}, which sorts as many. */
    private static final int MANY = 10_000;

    /** How many names a large content has is asked right before one of them goes, whatever is known of it. */
    private static final long WORTH_MEASURING_BYTES = 1L << 20;

    private final Predicate<Path> keep;
    private final TreeDeleter.Judge judge;
    private final Mounts mounts;
    private final WorkSharingExecutor crew = new WorkSharingExecutor("model-cache-delete", THREADS);
    private final Object sharedContents = new Object();

    Deletion(Predicate<Path> keep, TreeDeleter.Judge judge, Mounts mounts) {
        this.keep = keep;
        this.judge = judge;
        this.mounts = mounts;
    }

    /**
     * What came of a folder or an entry.
     *
     * @param freed bytes
     * @param gone whether nothing of it is left
     */
    record Outcome(long freed, boolean gone) {

        static final Outcome KEPT = new Outcome(0, false);
        static final Outcome GONE = new Outcome(0, true);

        Outcome and(Outcome other) {
            return new Outcome(freed + other.freed, gone && other.gone);
        }
    }

    /** What came of some entries of a folder; the folders among them are still to do. */
    private record Part(Outcome outcome, List<Path> folders) {}

    /** Deletes what lies in a folder. */
    Outcome content(SecureDirectory folder, Path shown) throws IOException {
        Outcome outcome = Outcome.GONE;
        List<Path> last = new ArrayList<>(0);
        try (SecureDirectory.Names names = DeletionFailedException.named(folder, Path.of(""), folder::names)) {
            for (List<Path> some = names.next(); !some.isEmpty(); some = names.next()) {
                List<Path> ordered = some.size() < MANY ? some : inDiskOrder(folder, some);
                outcome = outcome.and(entries(folder, shown, ordered, last));
            }
        }
        for (Path name : last) {
            outcome = outcome.and(attempt(folder, name, () -> folder(folder, name, shown.resolve(name))));
        }
        return outcome;
    }

    /**
     * The names in the order of their inodes, in which a disk drops thousands of files sooner than in the order that a
     * folder lists them in: neighbours lie in one block, and so does their content.
     */
    private List<Path> inDiskOrder(SecureDirectory folder, List<Path> names) throws IOException {
        List<WorkSharingExecutor.Task<long[]>> parts = new ArrayList<>();
        for (int start = 0; start < names.size(); start += MANY) {
            int from = start;
            int to = Math.min(names.size(), start + MANY);
            parts.add(crew.begin(() -> places(folder, names, from, to)));
        }
        long[] places = new long[names.size()];
        int known = 0;
        for (WorkSharingExecutor.Task<long[]> part : parts) {
            long[] some = part.get();
            System.arraycopy(some, 0, places, known, some.length);
            known += some.length;
        }
        Arrays.sort(places);
        List<Path> sorted = new ArrayList<>(names.size());
        for (long place : places) {
            sorted.add(names.get((int) place));
        }
        return sorted;
    }

    /** For each name a number that sorts by the inode, and ends in the name's index. */
    private static long[] places(SecureDirectory folder, List<Path> names, int from, int to) {
        long[] places = new long[to - from];
        for (int i = from; i < to; i++) {
            places[i - from] = (long) place(folder, names.get(i)) << Integer.SIZE | i;
        }
        return places;
    }

    /** The JDK's hash of a file key grows with the inode within a file system; any other would only cost the order. */
    private static int place(SecureDirectory folder, Path name) {
        try {
            return Objects.hashCode(folder.attributes(name).fileKey());
        } catch (IOException e) {
            return 0; // it will be told when it is its turn
        }
    }

    /** Deletes entries of a folder, but for those folders that go {@code last}, which it adds there. */
    private Outcome entries(SecureDirectory folder, Path shown, List<Path> names, List<Path> last) throws IOException {
        List<WorkSharingExecutor.Task<Part>> parts = new ArrayList<>();
        for (int start = 0; start < names.size(); start += ENTRIES_A_PART) {
            List<Path> some = names.subList(start, Math.min(names.size(), start + ENTRIES_A_PART));
            Callable<Part> work = () -> part(folder, shown, some);
            parts.add(names.size() < WORTH_SHARING ? crew.later(work) : crew.begin(work));
        }
        Outcome outcome = Outcome.GONE;
        for (WorkSharingExecutor.Task<Part> task : parts) {
            Part part = task.get();
            outcome = outcome.and(part.outcome());
            for (Path name : part.folders()) {
                if (judge.goesLast(shown.resolve(name))) {
                    last.add(name);
                } else {
                    outcome = outcome.and(attempt(folder, name, () -> folder(folder, name, shown.resolve(name))));
                }
            }
        }
        return outcome;
    }

    private Part part(SecureDirectory folder, Path shown, List<Path> names) throws IOException {
        List<Path> folders = new ArrayList<>(0);
        Outcome outcome = Outcome.GONE;
        for (Path name : names) {
            outcome = outcome.and(attempt(folder, name, () -> {
                Path path = shown.resolve(name);
                if (stays(folder, name, path)) {
                    return Outcome.KEPT;
                }
                BasicFileAttributes attributes = folder.attributes(name);
                if (SecureDirectory.isRealDirectory(attributes)) {
                    folders.add(name);
                    return Outcome.GONE; // as far as this part goes
                }
                return entry(folder, name, path, attributes);
            }));
        }
        return new Part(outcome, folders);
    }

    /** Tries to delete; what fails is reported and stays. */
    private Outcome attempt(SecureDirectory folder, Path name, DeletionFailedException.Attempt<Outcome> attempt)
            throws IOException {
        try {
            return DeletionFailedException.named(folder, name, attempt);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (NoSuchFileException e) {
            return Outcome.GONE;
        } catch (IOException e) {
            judge.failed(e);
            return Outcome.KEPT;
        }
    }

    private boolean stays(SecureDirectory folder, Path name, Path shown) {
        if (keep.test(shown)) {
            return true;
        }
        boolean mounted = !mounts.isEmpty() && mounts.isPoint(folder.path().resolve(name));
        if (mounted) {
            judge.mounted(shown);
        }
        return mounted;
    }

    /** Deletes an entry, whatever it is. */
    Outcome any(SecureDirectory folder, Path name, Path shown) throws IOException {
        if (stays(folder, name, shown)) {
            return Outcome.KEPT;
        }
        BasicFileAttributes attributes = folder.attributes(name);
        return SecureDirectory.isRealDirectory(attributes)
                ? folder(folder, name, shown)
                : entry(folder, name, shown, attributes);
    }

    private Outcome folder(SecureDirectory folder, Path name, Path shown) throws IOException {
        Outcome content;
        try (SecureDirectory inner = folder.open(name)) {
            content = content(inner, shown);
        }
        if (content.gone()) {
            try {
                folder.deleteDirectory(name);
            } catch (NoSuchFileException e) {
                return content; // Somebody else was faster.
            } catch (FileSystemException e) {
                judge.failed(DeletionFailedException.of(folder, name, e));
                return new Outcome(content.freed(), false);
            }
        }
        return content;
    }

    private Outcome entry(SecureDirectory folder, Path name, Path shown, BasicFileAttributes attributes)
            throws IOException {
        if (!judge.goes(shown, attributes)) {
            return Outcome.KEPT;
        }
        boolean alone = attributes.size() < WORTH_MEASURING_BYTES && judge.isKnownAlone(shown, attributes);
        return new Outcome(delete(folder, name, attributes, alone), true);
    }

    /**
     * Deletes a file or a link; of two names of a content that go at once, one has to be the last.
     *
     * @param alone whether the content is known to have no other name
     */
    private long delete(SecureDirectory folder, Path name, BasicFileAttributes attributes, boolean alone)
            throws IOException {
        if (!attributes.isRegularFile() || attributes.size() == 0) {
            folder.deleteFile(name);
            return 0;
        }
        Path file = folder.path().resolve(name);
        if (alone || isLastLink(file)) {
            folder.deleteFile(name);
            return attributes.size();
        }
        synchronized (sharedContents) {
            long freed = isLastLink(file) ? attributes.size() : 0;
            folder.deleteFile(name);
            return freed;
        }
    }

    /** Deletes a file or a link that nobody has to judge. */
    long delete(SecureDirectory folder, Path name) throws IOException {
        return delete(folder, name, folder.attributes(name), false);
    }

    private static boolean isLastLink(Path file) throws IOException {
        try {
            return HardLinks.names(file) <= 1;
        } catch (FileSystemException e) {
            // Only for the count: a path that is too long, or gone.
            return true;
        }
    }

    @Override
    public void close() {
        crew.close();
    }
}
