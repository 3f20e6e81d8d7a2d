package io.github.modelcache.io;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Gives the group what is created in a folder that the group may write to, as a umask of 002 would: a cache on a shared
 * drive would else be full of files that only their makers can replace. Elsewhere, and where the platform has no groups,
 * the user's umask decides alone.
 */
public final class GroupAccess {

    private static final String MODE = "unix:mode";
    private static final int GROUP_WRITE = 0020;
    private static final int GROUP_READ_WRITE = 0060;
    private static final int GROUP_EXECUTE = 0010;
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;
    /** All permission bits, those for the group's inheritance ({@code g+s}) among them. */
    private static final int PERMISSIONS = 07777;

    private GroupAccess() {}

    /**
     * Creates a folder and those above it where they are missing.
     *
     * @throws FileAlreadyExistsException when something else lies there, such as a link that leads nowhere
     * @throws IOException when a folder can't be created
     */
    public static void createDirectories(Path folder) throws IOException {
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
        // Shared before it has its name: somebody else may create entries in it at once.
        Path temporary = AtomicFiles.temporaryBeside(folder);
        Files.createDirectory(temporary);
        share(temporary);
        try {
            Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.delete(temporary);
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /** Shares an entry that was just created with the group that may write to its folder. */
    public static void share(Path entry) {
        try {
            if (isShared(entry) && mode(entry, LinkOption.NOFOLLOW_LINKS) instanceof Integer own) {
                share(entry, own);
            }
        } catch (IOException e) {
            // A drive that keeps no modes: then it decides by itself who may write.
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
            // Not setPosixFilePermissions, which knows nothing of g+s and would take it away.
            Files.setAttribute(entry, MODE, wanted & PERMISSIONS);
        }
    }
}
