package io.github.modelcache.migrate;

import io.github.modelcache.inventory.scan.CacheEntry;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Folders of a cache that its owner has made read-only, and that something must be put into or taken from. */
final class WritableDirectories {

    private static final Set<PosixFilePermission> NEEDED = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Map<Path, Set<PosixFilePermission>> before = new LinkedHashMap<>();

    /** Lets its owner write into a folder; does nothing where that is so, or can't be. */
    void open(Path folder) throws IOException {
        if (Files.isWritable(folder) || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        PosixFileAttributeView view =
                Files.getFileAttributeView(folder, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return;
        }
        try {
            Set<PosixFilePermission> permissions = view.readAttributes().permissions();
            Set<PosixFilePermission> open = EnumSet.copyOf(NEEDED);
            open.addAll(permissions);
            view.setPermissions(open);
            before.putIfAbsent(folder, permissions);
        } catch (FileSystemException e) {
            return; // somebody else's, or a disk that can only be read: whoever writes there says so
        }
    }

    /** The same for a folder and all below it. */
    void openAll(Path root) throws IOException {
        open(root);
        for (CacheEntry entry : TreeCopy.entries(root)) {
            if (entry.kind() == CacheEntry.Kind.DIRECTORY) {
                open(entry.path());
            }
        }
    }

    /** Makes the folders as they were. */
    void close() throws IOException {
        for (Map.Entry<Path, Set<PosixFilePermission>> folder : before.entrySet()) {
            Files.setPosixFilePermissions(folder.getKey(), folder.getValue());
        }
        before.clear();
    }
}
