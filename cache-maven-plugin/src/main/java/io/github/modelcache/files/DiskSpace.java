package io.github.modelcache.files;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The free space of a disk, and errors of a full one. */
public final class DiskSpace {
    /** With less free space, any failed write means a full disk, because messages may be translated. */
    private static final long NOTHING_LEFT_BYTES = 64 * 1024;

    private DiskSpace() {}

    /**
     * The bytes that this process can write at a path, which need not exist.
     *
     * @throws IOException if the file system does not know
     */
    public static long usable(Path path) throws IOException {
        Path existing = path.toAbsolutePath();
        while (!Files.exists(existing)) {
            Path parent = existing.getParent();
            if (parent == null) {
                break;
            }
            existing = parent;
        }
        // One system call; a FileStore first searches the list of all mounts.
        long usable = existing.getFileSystem() == FileSystems.getDefault()
                ? existing.toFile().getUsableSpace()
                : 0;
        return usable > 0 ? usable : Files.getFileStore(existing).getUsableSpace();
    }

    /**
     * Whether a write failed because the disk is full or the user's quota is exceeded.
     *
     * @param error the failure, whose causes count too
     */
    public static boolean isFull(IOException error, Path path) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (saysFull(e.getMessage() == null ? "" : e.getMessage())) {
                return true;
            }
        }
        try {
            return usable(path) < NOTHING_LEFT_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean saysFull(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return lower.contains("no space left on device")
                || lower.contains("disk quota exceeded")
                || lower.contains("not enough space on the disk");
    }
}
