package io.github.modelcache.files;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** How much room a disk has, and whether an error means that it has none. */
public final class DiskSpace {
    /** Below this a failed write is taken for a full disk whatever the message says: it may be translated. */
    private static final long NOTHING_LEFT_BYTES = 64 * 1024;

    private DiskSpace() {}

    /**
     * The bytes this process may still write at a path that need not exist yet: those of its nearest existing ancestor.
     *
     * @throws IOException if the file system does not tell
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
        // One system call; a FileStore would search the list of all mounts first, for each of thousands of files.
        long usable = existing.getFileSystem() == FileSystems.getDefault()
                ? existing.toFile().getUsableSpace()
                : 0;
        return usable > 0 ? usable : Files.getFileStore(existing).getUsableSpace();
    }

    /**
     * Whether writing failed because the disk is full or the user's quota is used up.
     *
     * @param error what a write threw; its causes count too
     * @param path where was written
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
