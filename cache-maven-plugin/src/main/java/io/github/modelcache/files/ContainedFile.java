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
 * A regular file below a folder, open for reading. Links below that folder are not followed, so a folder that is replaced
 * by a link cannot redirect the read.
 *
 * @param modified before it was opened
 * @param permissions empty if the platform has none
 */
public record ContainedFile(
        SeekableByteChannel channel, FileTime modified, Optional<Set<PosixFilePermission>> permissions)
        implements Closeable {

    /**
     * Opens a file.
     *
     * @param root an existing folder, or a link to one
     * @param file a path below it
     * @throws IOException if it is missing, is not a regular file, or a parent is a link; the message names the path
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
            throw new FileSystemException(path.toString(), null, "is no longer a regular file");
        }
        Optional<Set<PosixFilePermission>> permissions = folder.permissions(name);
        return new ContainedFile(folder.read(name), attributes.lastModifiedTime(), permissions);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
