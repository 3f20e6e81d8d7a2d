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

/** Deletes one tree. Several threads share the entries of large folders, because a deletion mostly waits for the disk. */
final class Deletion implements AutoCloseable {

    private static final int THREADS = 6;

    private static final int ENTRIES_A_PART = 64;
    /** Fewer entries are deleted sooner than another thread starts. */
    private static final int WORTH_SHARING = 16;

    /** From here on {@code rm} sorts the entries, too. */
    private static final int MANY = 10_000;

    /** The number of hard links of a larger file is always read right before the deletion. */
    private static final long WORTH_MEASURING_BYTES = 1L << 20;

    private final Predicate<Path> keep;
    private final TreeDeleter.Judge judge;
    private final Mounts mounts;
    private final WorkSharingExecutor executor = new WorkSharingExecutor("model-cache-delete", THREADS);
    private final Object sharedContents = new Object();

    Deletion(Predicate<Path> keep, TreeDeleter.Judge judge, Mounts mounts) {
        this.keep = keep;
        this.judge = judge;
        this.mounts = mounts;
    }

    /** The bytes that a deletion freed, and whether all of the folder or entry was deleted. */
    record Outcome(long freed, boolean gone) {

        static final Outcome KEPT = new Outcome(0, false);
        static final Outcome GONE = new Outcome(0, true);

        Outcome and(Outcome other) {
            return new Outcome(freed + other.freed, gone && other.gone);
        }
    }

    /** The outcome of some entries of a folder, and the folders among them, which are not deleted yet. */
    private record Part(Outcome outcome, List<Path> folders) {}

    /** Deletes the content of a folder. */
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

    /** Sorts names by inode: a disk deletes neighbours faster. */
    private List<Path> inDiskOrder(SecureDirectory folder, List<Path> names) throws IOException {
        List<WorkSharingExecutor.Task<long[]>> parts = new ArrayList<>();
        for (int start = 0; start < names.size(); start += MANY) {
            int from = start;
            int to = Math.min(names.size(), start + MANY);
            parts.add(executor.begin(() -> places(folder, names, from, to)));
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

    /** For each name a number with the inode in its upper half and the name's index in the lower. */
    private static long[] places(SecureDirectory folder, List<Path> names, int from, int to) {
        long[] places = new long[to - from];
        for (int i = from; i < to; i++) {
            places[i - from] = (long) place(folder, names.get(i)) << Integer.SIZE | i;
        }
        return places;
    }

    /** The JDK's hash of a file key grows with the inode. */
    private static int place(SecureDirectory folder, Path name) {
        try {
            return Objects.hashCode(folder.attributes(name).fileKey());
        } catch (IOException e) {
            return 0; // its deletion will fail and name it
        }
    }

    /** Deletes entries of a folder; adds the folders that are deleted later to {@code last}. */
    private Outcome entries(SecureDirectory folder, Path shown, List<Path> names, List<Path> last) throws IOException {
        List<WorkSharingExecutor.Task<Part>> parts = new ArrayList<>();
        for (int start = 0; start < names.size(); start += ENTRIES_A_PART) {
            List<Path> some = names.subList(start, Math.min(names.size(), start + ENTRIES_A_PART));
            Callable<Part> work = () -> part(folder, shown, some);
            parts.add(names.size() < WORTH_SHARING ? executor.later(work) : executor.begin(work));
        }
        Outcome outcome = Outcome.GONE;
        for (WorkSharingExecutor.Task<Part> task : parts) {
            Part part = task.get();
            outcome = outcome.and(part.outcome());
            for (Path name : part.folders()) {
                if (judge.isDeletedLast(shown.resolve(name))) {
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
                if (isKept(folder, name, path)) {
                    return Outcome.KEPT;
                }
                BasicFileAttributes attributes = folder.attributes(name);
                if (SecureDirectory.isRealDirectory(attributes)) {
                    folders.add(name);
                    return Outcome.GONE; // decided when it is deleted
                }
                return entry(folder, name, path, attributes);
            }));
        }
        return new Part(outcome, folders);
    }

    /** Tries to delete, and reports a failure. */
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

    private boolean isKept(SecureDirectory folder, Path name, Path shown) {
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
        if (isKept(folder, name, shown)) {
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
                return content; // deleted by another program
            } catch (FileSystemException e) {
                judge.failed(DeletionFailedException.of(folder, name, e));
                return new Outcome(content.freed(), false);
            }
        }
        return content;
    }

    private Outcome entry(SecureDirectory folder, Path name, Path shown, BasicFileAttributes attributes)
            throws IOException {
        if (!judge.shouldDelete(shown, attributes)) {
            return Outcome.KEPT;
        }
        boolean alone = attributes.size() < WORTH_MEASURING_BYTES && judge.isKnownAlone(shown, attributes);
        return new Outcome(delete(folder, name, attributes, alone), true);
    }

    /** Deletes a file or a link. Hard links of one file are deleted one by one, so that one of them counts as the last. */
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

    /** Deletes a file or a link without a judge. */
    long delete(SecureDirectory folder, Path name) throws IOException {
        return delete(folder, name, folder.attributes(name), false);
    }

    private static boolean isLastLink(Path file) throws IOException {
        try {
            return HardLinks.names(file) <= 1;
        } catch (FileSystemException e) {
            return true; // the path is too long or missing; only the count may be wrong
        }
    }

    @Override
    public void close() {
        executor.close();
    }
}
