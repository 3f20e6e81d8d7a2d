package io.github.modelcache.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Gives the group write access to what is created in a group-writable folder, as a umask of 002 does, so that a team can
 * share a cache. Elsewhere the user's umask decides.
 */
public final class GroupPermissions {

    private static final String MODE = "unix:mode";
    private static final int GROUP_WRITE = 0020;
    private static final int GROUP_READ_WRITE = 0060;
    private static final int GROUP_EXECUTE = 0010;
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;
    /** All permission bits, those for the group's inheritance ({@code g+s}) among them. */
    private static final int PERMISSIONS = 07777;

    private static final int MOST_ATTEMPTS = 5;

    private GroupPermissions() {}

    /**
     * Creates a folder and its missing parents.
     *
     * @throws FileAlreadyExistsException if there is a file or a broken link instead
     */
    public static void createDirectories(Path folder) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                createMissing(folder);
                return;
            } catch (NoSuchFileException e) {
                // Another process replaced a folder meanwhile.
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static void createMissing(Path folder) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        Path above = folder.toAbsolutePath();
        while (above != null && !Files.isDirectory(above)) {
            missing.push(above);
            above = above.getParent();
        }
        for (Path next : missing) {
            try {
                create(next);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(next)) {
                    throw e;
                }
            }
        }
    }

    private static void create(Path folder) throws IOException {
        if (!isShared(folder) || Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder);
            return;
        }
        // Share it before it gets its name, because others may then create entries in it at once.
        Path temporary = temporary(folder);
        try {
            Files.createDirectory(temporary);
        } catch (FileAlreadyExistsException e) {
            createPast(temporary, folder);
            return;
        }
        show(temporary, folder);
    }

    private static void show(Path temporary, Path folder) throws IOException {
        share(temporary);
        try {
            Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
        share(folder); // another process may have replaced our temporary folder
    }

    /** The temporary name of a folder, which is the same in each run, so that a killed run leaves at most one. */
    static Path temporary(Path folder) {
        return AtomicFiles.temporaryBeside(
                folder, String.valueOf(folder.getFileName()).hashCode());
    }

    /** Creates a folder whose temporary folder exists, because of a killed run or of another process. */
    private static void createPast(Path temporary, Path folder) throws IOException {
        Path own = AtomicFiles.temporaryBeside(folder);
        Files.createDirectory(own);
        show(own, folder);
        try {
            if (Files.isDirectory(temporary, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            // It belongs to another user; our folder exists.
        }
    }

    /** Shares a new entry with the group if the group may write to its folder. */
    public static void share(Path entry) {
        try {
            if (isShared(entry) && mode(entry, LinkOption.NOFOLLOW_LINKS) instanceof Integer own) {
                share(entry, own);
            }
        } catch (IOException e) {
            // The drive has no modes.
        }
    }

    /** Whether the group may write to an entry's folder. */
    private static boolean isShared(Path entry) throws IOException {
        Path folder = entry.toAbsolutePath().getParent();
        return folder != null && mode(folder) instanceof Integer mode && (mode & GROUP_WRITE) != 0;
    }

    private static @Nullable Object mode(Path path, LinkOption... options) throws IOException {
        try {
            return Files.getAttribute(path, MODE, options);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return null; // no groups on this platform
        }
    }

    private static void share(Path entry, int mode) throws IOException {
        int type = mode & TYPE;
        int wanted = mode | GROUP_READ_WRITE | (type == DIRECTORY ? GROUP_EXECUTE : 0);
        if (type != LINK && wanted != mode) {
            // setPosixFilePermissions would remove g+s.
            Files.setAttribute(entry, MODE, wanted & PERMISSIONS);
        }
    }
}
