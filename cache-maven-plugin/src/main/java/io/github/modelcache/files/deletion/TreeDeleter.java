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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Deletes files inside one root. The root may be a link to another disk; below it no link is followed, and nothing that is
 * mounted there is deleted. Files that are already missing are no error. {@link DirectoryGuard} decides whether a root may
 * be emptied.
 */
public final class TreeDeleter {
    /** Why a mount is kept. */
    public static final String MOUNTED = "something else is mounted there (a disk, a volume or a bind mount), and files"
            + " on it are never deleted; unmount it, or delete the files by hand";

    private final FolderOpener opener;
    private final Supplier<Mounts> mounts;

    /** Uses handles of open folders where the platform has them. */
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

    /** Decides about each file and link right before it is deleted. Called by several threads. */
    @FunctionalInterface
    public interface Judge {

        /**
         * Whether to delete an entry.
         *
         * @param path the entry, below the folder as the caller wrote it
         * @param attributes its attributes now; a link's own
         */
        boolean shouldDelete(Path path, BasicFileAttributes attributes);

        /** Whether the content of a small file was known to have one name, so that it need not be asked for again. */
        default boolean isKnownAlone(Path path, BasicFileAttributes attributes) {
            return false;
        }

        /** Whether a folder is deleted after its siblings, because they link into it. */
        default boolean isDeletedLast(Path folder) {
            return false;
        }

        /** Is told of another mount in the tree, which is kept. */
        default void mounted(Path path) {
            failed(new FileSystemException(path.toString(), null, MOUNTED));
        }

        /** Is told of an entry that can't be deleted. The others are deleted, unless this method throws. */
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
     * @param file a path below {@code root}, not a folder
     * @return the bytes that became free
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
     * Deletes a folder with its content; {@code root} itself is only emptied.
     *
     * @param directory {@code root} or a path below it
     * @param keep which paths below {@code directory} are kept; a folder is kept with all its content
     * @return the bytes that became free; a file with several hard links counts when the last one is deleted
     * @throws UnsafeRootException if {@code directory} is not in {@code root}, or only through a link
     * @throws IOException if an entry can't be deleted; all others are deleted
     */
    public long deleteTree(Path root, Path directory, Predicate<Path> keep) throws IOException {
        DeleteEverything everything = new DeleteEverything();
        long freed = deleteTree(root, directory, path -> everything.keeps(keep.test(path)), everything);
        everything.rethrow(directory);
        return freed;
    }

    /**
     * Deletes the files and links of a folder that a judge allows, and the folders that are empty then; {@code root} itself
     * is only emptied.
     *
     * @param entry {@code root} or a path below it; may be a file or a link
     * @return the bytes that became free; a file with several hard links counts when the last one is deleted
     * @throws UnsafeRootException if {@code entry} is not in {@code root}, or only through a link
     * @throws IOException if the entry can't be reached; the judge is told of entries that can't be deleted
     */
    public long deleteJudged(Path root, Path entry, Judge judge) throws IOException {
        try {
            return deleteTree(root, entry, path -> false, judge);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Deletes a folder if it is empty, then its parent, up to {@code root}, which is kept.
     *
     * @throws UnsafeRootException if {@code folder} is not in {@code root}, or only through a link
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
            } catch (DirectoryNotEmptyException | DeletionFailedException e) {
                if (e instanceof DirectoryNotEmptyException || e.getCause() instanceof DirectoryNotEmptyException) {
                    return;
                }
                throw e;
            }
        }
    }

    /**
     * Renames a folder in its parent, so that a partly deleted folder is not taken for a complete one.
     *
     * @param other the new path, in the same folder
     * @return false if it is no folder, the other name is used, something is mounted in it, or it can't be renamed
     * @throws UnsafeRootException if {@code folder} is not in {@code root}, or only through a link
     * @throws IOException if the folder can't be reached
     */
    public boolean rename(Path root, Path folder, Path other) throws IOException {
        if (!folder.resolveSibling(other.getFileName()).equals(other)) {
            throw new IllegalArgumentException(other + " is not in the parent of " + folder);
        }
        return delete(root, folder, (parent, name) -> {
                    boolean carriesMounts =
                            !mounts.get().below(parent.path().resolve(name)).isEmpty();
                    return !carriesMounts && rename(parent, name, other.getFileName()) ? 1 : 0;
                })
                == 1;
    }

    private static boolean rename(SecureDirectory parent, Path name, Path other) throws IOException {
        if (!SecureDirectory.isRealDirectory(parent.attributes(name))) {
            return false;
        }
        try {
            parent.attributes(other);
            return false; // the name is used
        } catch (NoSuchFileException e) {
            // The name is free.
        }
        try {
            parent.rename(name, other);
            return true;
        } catch (FileSystemException e) {
            return false; // a mount point, or opened by a program on Windows
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
            throw new UnsafeRootException(
                    folder.path().resolve(name)
                            + " is a link or no folder, so nothing is deleted through it; delete it by hand if it is not needed");
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

    /** The path relative to the root, checked by name only. Empty for the root itself. */
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
            throw new UnsafeRootException(path + " is not in " + root + ", so it is not deleted");
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
