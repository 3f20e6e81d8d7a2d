package io.github.modelcache.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Predicate;

/**
 * Deletes inside one root and nowhere else.
 *
 * <p>The root's real path is the boundary, so a root that is a link to another disk works and the link stays. Below the
 * root no link is ever followed: links are removed as links and what they point to survives. What has vanished
 * meanwhile is not an error. Whether the root may be emptied at all is {@link DirectoryGuard}'s business; only the root
 * of a file system is refused here too.
 */
public final class TreeDeleter {
    private final FolderOpener opener;

    /** A deleter that works by open folder handles where the platform has them. */
    public TreeDeleter() {
        this(Folder::openReal);
    }

    TreeDeleter(FolderOpener opener) {
        this.opener = opener;
    }

    /** Decides about each file and link right before it would go. */
    @FunctionalInterface
    public interface Judge {

        /**
         * Whether an entry goes.
         *
         * @param path the entry, below the folder as the caller wrote it
         * @param attributes what it looks like now; a link's own
         */
        boolean goes(Path path, BasicFileAttributes attributes);
    }

    /** Opens the root's real path. */
    interface FolderOpener {
        Folder open(Path real) throws IOException;
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
            BasicFileAttributes attributes = folder.attributes(name);
            if (Folder.isRealDirectory(attributes)) {
                throw new FileSystemException(file.toString(), null, "it is a folder, not a file");
            }
            return deleteEntry(folder, name, attributes);
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
     * @throws IOException at the first thing that cannot be deleted; the message names its path, and what was deleted
     *     before stays deleted
     */
    public long deleteTree(Path root, Path directory, Predicate<Path> keep) throws IOException {
        return deleteTree(root, directory, new Choice(keep, (path, attributes) -> true));
    }

    /**
     * Deletes those files and links of a folder that a judge lets go, and the folders that are empty then. {@code root}
     * itself is only emptied, never removed.
     *
     * @param root an existing folder, or a link to one
     * @param entry {@code root} or a path below it; may be a file or a link
     * @return the bytes that became free; a file with several hard links counts when its last one goes
     * @throws UnsafeRootException if {@code entry} does not lie in {@code root}, or only through a link
     * @throws IOException at the first thing that cannot be deleted; the message names its path, and what was deleted
     *     before stays deleted
     */
    public long deleteJudged(Path root, Path entry, Judge judge) throws IOException {
        return deleteTree(root, entry, new Choice(path -> false, judge));
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
                    if (Folder.isRealDirectory(parent.attributes(name))) {
                        parent.deleteDirectory(name);
                    }
                    return 0;
                });
            } catch (DirectoryNotEmptyException e) {
                return;
            } catch (NamedException e) {
                if (e.getCause() instanceof DirectoryNotEmptyException) {
                    return;
                }
                throw e;
            }
        }
    }

    private record Choice(Predicate<Path> keep, Judge judge) {}

    private long deleteTree(Path root, Path directory, Choice choice) throws IOException {
        if (relative(root, directory).toString().isEmpty()) {
            try (Folder folder = opener.open(real(root))) {
                return deleteContent(folder, directory, choice).freed();
            } catch (NoSuchFileException e) {
                return 0;
            }
        }
        return delete(
                root,
                directory,
                (folder, name) -> deleteAny(folder, name, directory, choice).freed());
    }

    private interface Step {
        long run(Folder folder, Path name) throws IOException;
    }

    private record Outcome(long freed, boolean gone) {}

    /** Walks from the root to the folder that holds {@code path}, opening each segment without following links. */
    private long delete(Path root, Path path, Step step) throws IOException {
        Path relative = relative(root, path);
        if (relative.toString().isEmpty()) {
            throw new UnsafeRootException(path + " is the root itself and not a file in it");
        }
        try (Folder folder = opener.open(real(root))) {
            return descend(folder, relative, step);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static long descend(Folder folder, Path relative, Step step) throws IOException {
        Path name = relative.getName(0);
        if (relative.getNameCount() == 1) {
            return named(folder, name, () -> step.run(folder, name));
        }
        if (!Folder.isRealDirectory(folder.attributes(name))) {
            throw new UnsafeRootException(folder.path().resolve(name)
                    + " is a link or no folder, so what lies behind it is not deleted; remove it by hand if it is"
                    + " not needed");
        }
        try (Folder next = named(folder, name, () -> folder.open(name))) {
            return descend(next, relative.subpath(1, relative.getNameCount()), step);
        }
    }

    private static Outcome deleteContent(Folder folder, Path shown, Choice choice) throws IOException {
        long freed = 0;
        boolean empty = true;
        List<Path> names = named(folder, Path.of(""), folder::names);
        for (Path name : names) {
            Outcome outcome = deleteAnyIfPresent(folder, name, shown.resolve(name), choice);
            freed += outcome.freed();
            empty &= outcome.gone();
        }
        return new Outcome(freed, empty);
    }

    private static Outcome deleteAnyIfPresent(Folder folder, Path name, Path shown, Choice choice) throws IOException {
        try {
            return named(folder, name, () -> deleteAny(folder, name, shown, choice));
        } catch (NoSuchFileException e) {
            return new Outcome(0, true);
        }
    }

    private static Outcome deleteAny(Folder folder, Path name, Path shown, Choice choice) throws IOException {
        if (choice.keep().test(shown)) {
            return new Outcome(0, false);
        }
        BasicFileAttributes attributes = folder.attributes(name);
        if (!Folder.isRealDirectory(attributes)) {
            return choice.judge().goes(shown, attributes)
                    ? new Outcome(deleteEntry(folder, name, attributes), true)
                    : new Outcome(0, false);
        }
        Outcome content;
        try (Folder inner = folder.open(name)) {
            content = deleteContent(inner, shown, choice);
        }
        if (content.gone()) {
            deleteEmptied(folder, name);
        }
        return content;
    }

    private static void deleteEmptied(Folder folder, Path name) throws IOException {
        try {
            folder.deleteDirectory(name);
        } catch (NoSuchFileException e) {
            // Somebody else was faster.
            return;
        }
    }

    private static long deleteEntry(Folder folder, Path name, BasicFileAttributes attributes) throws IOException {
        long freed = attributes.isRegularFile() && isLastLink(folder.path().resolve(name)) ? attributes.size() : 0;
        folder.deleteFile(name);
        return freed;
    }

    private static boolean isLastLink(Path file) throws IOException {
        try {
            return !(Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) instanceof Integer links)
                    || links <= 1;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            // No such number on this platform: count every file.
            return true;
        } catch (FileSystemException e) {
            // Only for the count: a path that is too long, or gone.
            return true;
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

    private interface Attempt<T> {
        T run() throws IOException;
    }

    /** Runs a step on an entry; an error that names no full path is thrown again with it, and with what to do. */
    private static <T> T named(Folder folder, Path name, Attempt<T> attempt) throws IOException {
        try {
            return attempt.run();
        } catch (NoSuchFileException | UnsafeRootException | NamedException e) {
            throw e;
        } catch (FileSystemException e) {
            Path path =
                    name.toString().isEmpty() ? folder.path() : folder.path().resolve(name);
            throw new NamedException(path, reason(e), e);
        }
    }

    private static String reason(FileSystemException error) {
        if (error instanceof AccessDeniedException) {
            return "permission denied; make the file and the folder it lies in writable, or delete it as its owner";
        }
        if (error instanceof DirectoryNotEmptyException) {
            return "something was written into it meanwhile; stop what uses the cache and try again";
        }
        return error.getReason() == null ? error.toString() : error.getReason();
    }

    /** What could not be deleted, with its whole path. */
    private static final class NamedException extends FileSystemException {
        private static final long serialVersionUID = 1L;

        NamedException(Path path, String reason, FileSystemException cause) {
            super(path.toString(), null, "cannot be deleted: " + reason);
            initCause(cause);
        }
    }
}
