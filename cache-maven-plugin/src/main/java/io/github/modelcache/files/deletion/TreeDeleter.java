package io.github.modelcache.files.deletion;

import io.github.modelcache.files.Mounts;
import io.github.modelcache.files.SecureDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Deletes inside one root and nowhere else.
 *
 * <p>The root's real path is the boundary, so a root that is a link to another disk works and the link stays. Below the
 * root no link is ever followed: links are removed as links and what they point to survives. Whatever is mounted below
 * the root is kept with all its content. What has vanished
 * meanwhile is not an error. Whether the root may be emptied at all is {@link DirectoryGuard}'s business; only the root
 * of a file system is refused here too.
 */
public final class TreeDeleter {
    /** Why a mount stays. */
    public static final String MOUNTED = "something else is mounted there (a disk, a volume or a bind mount), and what"
            + " lies on it is never deleted; unmount it, or delete by hand what you don't need";

    private final FolderOpener opener;
    private final Supplier<Mounts> mounts;

    /** A deleter that works by open folder handles where the platform has them. */
    public TreeDeleter() {
        this(SecureDirectory::openReal, new RecentMounts());
    }

    TreeDeleter(FolderOpener opener) {
        this(opener, new RecentMounts());
    }

    TreeDeleter(FolderOpener opener, Supplier<Mounts> mounts) {
        this.opener = opener;
        this.mounts = mounts;
    }

    /** Reads the list of mounts at most once a second: thousands of files may be deleted one by one. */
    private static final class RecentMounts implements Supplier<Mounts> {

        private static final long VALID_NANOS = TimeUnit.SECONDS.toNanos(1);

        private Mounts mounts = new Mounts(List.of());
        private long readAt = System.nanoTime() - 2 * VALID_NANOS;

        @Override
        public synchronized Mounts get() {
            if (System.nanoTime() - readAt > VALID_NANOS) {
                mounts = Mounts.now();
                readAt = System.nanoTime();
            }
            return mounts;
        }
    }

    /** Decides about each file and link right before it would go. Asked by several threads at once. */
    @FunctionalInterface
    public interface Judge {

        /**
         * Whether an entry goes.
         *
         * @param path the entry, below the folder as the caller wrote it
         * @param attributes what it looks like now; a link's own
         */
        boolean goes(Path path, BasicFileAttributes attributes);

        /**
         * Whether the content of a small file that goes was seen to have no other name a moment ago, so that nobody has to
         * ask again to count what becomes free.
         */
        default boolean isKnownAlone(Path path, BasicFileAttributes attributes) {
            return false;
        }

        /**
         * Whether a folder goes after all that lies beside it, because what lies beside it leads into it.
         *
         * @param folder below the folder as the caller wrote it
         */
        default boolean goesLast(Path folder) {
            return false;
        }

        /**
         * Is told of a folder or file in the tree that is another mount, and stays with all that lies in it.
         *
         * @param path below the folder as the caller wrote it
         */
        default void mounted(Path path) {
            failed(new FileSystemException(path.toString(), null, MOUNTED));
        }

        /**
         * Is told what can't be deleted; the rest goes all the same, unless this throws.
         *
         * @param reason names the path, and says why
         */
        default void failed(IOException reason) {
            throw new UncheckedIOException(reason);
        }
    }

    /** Opens the root's real path. */
    interface FolderOpener {
        SecureDirectory open(Path real) throws IOException;
    }

    /**
     * Deletes one file or link.
     *
     * @param root an existing folder, or a link to one
     * @param file a path below {@code root}, not a folder
     * @return the bytes that became free: 0 for a link, for a file with other hard links and for one that is not there
     * @throws UnsafeRootException if {@code file} does not lie in {@code root}, or only through a link
     * @throws IOException if it cannot be deleted; the message names the path
     */
    public long deleteFile(Path root, Path file) throws IOException {
        return delete(root, file, (folder, name) -> {
            if (SecureDirectory.isRealDirectory(folder.attributes(name))) {
                throw new FileSystemException(file.toString(), null, "it is a folder, not a file");
            }
            try (Deletion deletion = new Deletion(path -> false, (path, attributes) -> true, mounts.get())) {
                return deletion.delete(folder, name);
            }
        });
    }

    /**
     * Deletes a folder and everything in it. {@code root} itself is only emptied, never removed.
     *
     * @param root an existing folder, or a link to one
     * @param directory {@code root} or a path below it
     * @param keep tells what stays; it is asked with paths below {@code directory} as the caller wrote it, and a folder
     *     that it keeps stays with all its content
     * @return the bytes that became free; a file with several hard links counts when its last one goes
     * @throws UnsafeRootException if {@code directory} does not lie in {@code root}, or only through a link
     * @throws IOException if something cannot be deleted; the message names its path and how much else there is of
     *     that kind, and all the rest is gone that need not stay
     */
    public long deleteTree(Path root, Path directory, Predicate<Path> keep) throws IOException {
        Everything everything = new Everything();
        long freed = deleteTree(root, directory, path -> everything.keeps(keep.test(path)), everything);
        everything.rethrow(directory);
        return freed;
    }

    /**
     * Deletes those files and links of a folder that a judge lets go, and the folders that are empty then. {@code root}
     * itself is only emptied, never removed.
     *
     * @param root an existing folder, or a link to one
     * @param entry {@code root} or a path below it; may be a file or a link
     * @return the bytes that became free; a file with several hard links counts when its last one goes
     * @throws UnsafeRootException if {@code entry} does not lie in {@code root}, or only through a link
     * @throws IOException if the way to the entry cannot be opened; what cannot be deleted in it, the judge is told
     */
    public long deleteJudged(Path root, Path entry, Judge judge) throws IOException {
        try {
            return deleteTree(root, entry, path -> false, judge);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Removes a folder if nothing lies in it, then the one above, up to {@code root}, which stays.
     *
     * @throws UnsafeRootException if {@code folder} does not lie in {@code root}, or only through a link
     */
    public void deleteEmpty(Path root, Path folder) throws IOException {
        Path relative = relative(root, folder);
        for (Path empty = relative; empty != null && !empty.toString().isEmpty(); empty = empty.getParent()) {
            Path next = root.resolve(empty);
            try {
                delete(root, next, (parent, name) -> {
                    if (SecureDirectory.isRealDirectory(parent.attributes(name))) {
                        parent.deleteDirectory(name);
                    }
                    return 0;
                });
            } catch (DirectoryNotEmptyException e) {
                return;
            } catch (DeletionFailedException e) {
                if (e.getCause() instanceof DirectoryNotEmptyException) {
                    return;
                }
                throw e;
            }
        }
    }

    /**
     * Gives a folder another name beside its own, in one step, so that nobody takes what is left of it for the whole
     * while it is deleted.
     *
     * @param root an existing folder, or a link to one
     * @param folder a path below {@code root}
     * @param other the new path, in the same folder
     * @return false if it is no folder, if the other name is taken, if something is mounted in it, or if it can't be
     *     renamed; then all is as it was
     * @throws UnsafeRootException if {@code folder} does not lie in {@code root}, or only through a link
     * @throws IOException if the way to the folder cannot be opened
     */
    public boolean rename(Path root, Path folder, Path other) throws IOException {
        if (!folder.resolveSibling(other.getFileName()).equals(other)) {
            throw new IllegalArgumentException(other + " does not lie beside " + folder);
        }
        return delete(root, folder, (parent, name) -> {
                    boolean carriesMounts =
                            !mounts.get().below(parent.path().resolve(name)).isEmpty();
                    return !carriesMounts && rename(parent, name, other.getFileName()) ? 1 : 0;
                })
                == 1;
    }

    private static boolean rename(SecureDirectory parent, Path name, Path other) throws IOException {
        if (!SecureDirectory.isRealDirectory(parent.attributes(name)) || isThere(parent, other)) {
            return false;
        }
        try {
            parent.rename(name, other);
            return true;
        } catch (FileSystemException e) {
            return false; // a mount point, or opened by a program on Windows
        }
    }

    private static boolean isThere(SecureDirectory folder, Path name) throws IOException {
        try {
            folder.attributes(name);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private long deleteTree(Path root, Path directory, Predicate<Path> keep, Judge judge) throws IOException {
        boolean isRoot = relative(root, directory).toString().isEmpty();
        try (Deletion deletion = new Deletion(keep, judge, mounts.get().below(real(root)))) {
            if (!isRoot) {
                return delete(
                        root,
                        directory,
                        (folder, name) -> deletion.any(folder, name, directory).freed());
            }
            try (SecureDirectory folder = opener.open(real(root))) {
                return deletion.content(folder, directory).freed();
            }
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Lets everything go, and remembers what can't. */
    private static final class Everything implements Judge {

        private static final int REMEMBERED = 10;

        private final List<IOException> failures = new ArrayList<>();
        private long more;
        private boolean kept;

        synchronized boolean keeps(boolean keep) {
            kept |= keep;
            return keep;
        }

        @Override
        public boolean goes(Path path, BasicFileAttributes attributes) {
            return true;
        }

        @Override
        public synchronized void failed(IOException reason) {
            if (failures.size() < REMEMBERED) {
                failures.add(reason);
            } else {
                more++;
            }
        }

        synchronized void rethrow(Path directory) throws IOException {
            if (failures.isEmpty()) {
                return;
            }
            IOException first = failures.get(0);
            long others = failures.size() - 1 + more;
            if (others == 0) {
                throw first;
            }
            boolean named = first instanceof FileSystemException known && known.getReason() != null;
            FileSystemException all = new FileSystemException(
                    named ? ((FileSystemException) first).getFile() : directory.toString(),
                    null,
                    (named ? ((FileSystemException) first).getReason() : first.getMessage()) + "; and " + others
                            + " more could not be deleted" + (kept ? "" : ", the rest is gone"));
            all.initCause(first);
            failures.subList(1, failures.size()).forEach(all::addSuppressed);
            throw all;
        }
    }

    private interface Step {
        long run(SecureDirectory folder, Path name) throws IOException;
    }

    /** Walks from the root to the folder that holds {@code path}, opening each segment without following links. */
    private long delete(Path root, Path path, Step step) throws IOException {
        Path relative = relative(root, path);
        if (relative.toString().isEmpty()) {
            throw new UnsafeRootException(path + " is the root itself and not a file in it");
        }
        try (SecureDirectory folder = opener.open(real(root))) {
            return descend(folder, relative, mounts.get().below(folder.path()), step);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static long descend(SecureDirectory folder, Path relative, Mounts below, Step step) throws IOException {
        Path name = relative.getName(0);
        if (relative.getNameCount() == 1) {
            return DeletionFailedException.named(folder, name, () -> step.run(folder, name));
        }
        if (!SecureDirectory.isRealDirectory(folder.attributes(name))) {
            throw new UnsafeRootException(folder.path().resolve(name)
                    + " is a link or no folder, so what lies behind it is not deleted; remove it by hand if it is"
                    + " not needed");
        }
        if (below.isPoint(folder.path().resolve(name))) {
            throw new UnsafeRootException(folder.path().resolve(name) + ": " + MOUNTED);
        }
        try (SecureDirectory next = DeletionFailedException.named(folder, name, () -> folder.open(name))) {
            return descend(next, relative.subpath(1, relative.getNameCount()), below, step);
        }
    }

    private static Path real(Path root) throws IOException {
        Path real = root.toRealPath();
        if (real.getNameCount() == 0) {
            throw new UnsafeRootException("nothing is deleted in " + root + ": it is the root of a file system");
        }
        return real;
    }

    /** The path from the root, checked by name only: it stays below and has no "..". Empty for the root itself. */
    private static Path relative(Path root, Path path) throws IOException {
        if (root.toString().isEmpty() || path.toString().isEmpty()) {
            throw new UnsafeRootException("an empty path names nothing that could be deleted");
        }
        Path absolute = path.toAbsolutePath();
        Path above = root.toAbsolutePath();
        if (!absolute.startsWith(above) && Files.exists(root)) {
            above = root.toRealPath();
        }
        if (!absolute.startsWith(above)) {
            throw new UnsafeRootException(path + " does not lie in " + root + ", so it is not deleted");
        }
        if (absolute.getNameCount() == above.getNameCount()) {
            return Path.of("");
        }
        Path relative = absolute.subpath(above.getNameCount(), absolute.getNameCount());
        for (Path segment : relative) {
            if (segment.toString().equals("..") || segment.toString().equals(".")) {
                throw new UnsafeRootException(path + " has a '" + segment + "' in it, so it is not deleted");
            }
        }
        return relative;
    }
}
