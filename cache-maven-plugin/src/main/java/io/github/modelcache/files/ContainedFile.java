package io.github.modelcache.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/**
 * A regular file below a folder, open for reading. No link below that folder is followed, so that nobody can swap a folder
 * for a link and have files read that lie elsewhere.
 *
 * @param channel its content
 * @param modified when it was last written to, as of before it was opened
 * @param permissions its permissions; empty where the platform has none
 */
public record ContainedFile(
        SeekableByteChannel channel, FileTime modified, Optional<Set<PosixFilePermission>> permissions)
        implements Closeable {

    /**
     * Opens a file.
     *
     * @param root an existing folder, or a link to one
     * @param file a path below it
     * @throws java.nio.file.NoSuchFileException if it is not there
     * @throws IOException if a link is on the way, or if it is no regular file; the message names the path
     */
    public static ContainedFile open(Path root, Path file) throws IOException {
        try (SecureDirectory folder = SecureDirectory.openReal(root.toRealPath())) {
            return open(folder, root.relativize(file), root);
        }
    }

    private static ContainedFile open(SecureDirectory folder, Path relative, Path shown) throws IOException {
        Path name = relative.getName(0);
        Path path = shown.resolve(name);
        BasicFileAttributes attributes = folder.attributes(name);
        if (relative.getNameCount() > 1) {
            if (!SecureDirectory.isRealDirectory(attributes)) {
                throw new FileSystemException(path.toString(), null, "is a link or no folder any more");
            }
            try (SecureDirectory next = folder.open(name)) {
                return open(next, relative.subpath(1, relative.getNameCount()), path);
            }
        }
        if (!attributes.isRegularFile()) {
            throw new FileSystemException(path.toString(), null, "is no regular file any more");
        }
        Optional<Set<PosixFilePermission>> permissions = folder.permissions(name);
        return new ContainedFile(folder.read(name), attributes.lastModifiedTime(), permissions);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
