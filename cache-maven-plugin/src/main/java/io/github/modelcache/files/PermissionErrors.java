package io.github.modelcache.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the missing permission. The JDK only names the requested path, but the cause may be any of its parents.
 */
public final class PermissionErrors {

    /** The limit of Linux. */
    private static final int MOST_LINKS = 40;

    private static final String ELSEWHERE = ", or choose another folder (-Dcache.baseDir moves the model cache)";

    private final Path path;

    private PermissionErrors(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    /** The missing permission for a path, and its fix. */
    static String message(String path) {
        try {
            return new PermissionErrors(Path.of(path)).message();
        } catch (InvalidPathException e) {
            return unknown(path);
        }
    }

    /** The first parent of a path that this user can't open. */
    public static Optional<Path> closedFolder(Path path) {
        return closedAbove(path.toAbsolutePath().normalize(), MOST_LINKS);
    }

    private String message() {
        Optional<Path> closed = closedAbove(path, MOST_LINKS);
        boolean folder = Files.isDirectory(path);
        if (closed.isPresent() || (folder && isClosed(path))) {
            return "No permission to open the folder " + closed.orElse(path)
                    + ". Give the user who runs Maven the right to open it" + ELSEWHERE;
        }
        if (denies(path, AccessMode.READ)) {
            return "No permission to read " + (folder ? "the folder " : "") + path
                    + ". Give the user who runs Maven the right to read it";
        }
        return notWritable()
                .map(place -> "No permission to write to " + place
                        + ". Give the user who runs Maven the right to write there" + ELSEWHERE)
                .orElseGet(() -> unknown(path.toString()));
    }

    /** The path, or its nearest existing parent, if it is not writable. */
    private Optional<Path> notWritable() {
        if (denies(path, AccessMode.WRITE)) {
            return Optional.of(path);
        }
        Path folder = path.getParent();
        while (folder != null && Files.notExists(folder)) {
            folder = folder.getParent();
        }
        return Optional.ofNullable(folder).filter(place -> denies(place, AccessMode.WRITE));
    }

    private static String unknown(String path) {
        return "No permission for " + path + ". Give the user who runs Maven the right to read and write there"
                + ELSEWHERE;
    }

    /** Checks from the root, because everything below a closed folder is denied; follows links. */
    private static Optional<Path> closedAbove(Path path, int links) {
        Path folder = path.getRoot();
        for (int i = 1; folder != null && i < path.getNameCount(); i++) {
            folder = path.getRoot().resolve(path.subpath(0, i));
            Optional<Path> target = links == 0 ? Optional.empty() : target(folder);
            Optional<Path> closed = target.isPresent()
                    ? closedAbove(target.get().resolve("entry"), links - 1)
                    : Optional.of(folder).filter(PermissionErrors::isClosed);
            if (closed.isPresent()) {
                return closed;
            }
        }
        return Optional.empty();
    }

    private static boolean isClosed(Path folder) {
        return denies(folder, AccessMode.EXECUTE) && !Files.isRegularFile(folder);
    }

    private static Optional<Path> target(Path link) {
        try {
            return Files.isSymbolicLink(link)
                    ? Optional.of(
                            link.resolveSibling(Files.readSymbolicLink(link)).normalize())
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private static boolean denies(Path path, AccessMode mode) {
        try {
            path.getFileSystem().provider().checkAccess(path, mode);
            return false;
        } catch (AccessDeniedException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
