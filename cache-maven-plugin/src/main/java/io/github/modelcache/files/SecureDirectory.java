package io.github.modelcache.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open folder. Each operation takes the name of one entry, so that no link in a path can redirect it. Thread-safe
 * except for its names.
 */
public interface SecureDirectory extends Closeable {
    /** The path when it was opened, for messages only, never for deleting. */
    Path path();

    /** The names of the entries; call it once. */
    Names names() throws IOException;

    /** The attributes of an entry; of a link itself. */
    BasicFileAttributes attributes(Path name) throws IOException;

    /** Opens an entry that is a folder; fails if it is a link. */
    SecureDirectory open(Path name) throws IOException;

    /** Opens an entry that is a file for reading; fails if it is a link. */
    SeekableByteChannel read(Path name) throws IOException;

    /** The permissions of an entry, of a link itself; empty if the platform has no permissions. */
    Optional<Set<PosixFilePermission>> permissions(Path name) throws IOException;

    /** Deletes a file or a link. */
    void deleteFile(Path name) throws IOException;

    /** Deletes an empty folder. */
    void deleteDirectory(Path name) throws IOException;

    /** Renames an entry within this folder; a link itself is renamed. */
    void rename(Path name, Path other) throws IOException;

    /** Opens a folder by its real path; uses a handle if the platform supports it. */
    @SuppressWarnings("StreamResourceLeak") // The folder that is returned closes it.
    static SecureDirectory openReal(Path real) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(real);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return new ByHandle(real, secure);
        }
        stream.close();
        return new ByPath(null, real);
    }

    /** Whether an entry is a real folder: neither a symbolic link nor, on Windows, a junction. */
    static boolean isRealDirectory(BasicFileAttributes attributes) {
        return attributes.isDirectory() && !attributes.isSymbolicLink() && !attributes.isOther();
    }

    private static Optional<Set<PosixFilePermission>> permissionsOf(@Nullable PosixFileAttributeView view)
            throws IOException {
        return view == null
                ? Optional.empty()
                : Optional.of(view.readAttributes().permissions());
    }

    /** The names in a folder, in batches of at most 100,000 to limit memory. */
    final class Names implements Closeable {

        private static final int MOST = 100_000;

        private final DirectoryStream<Path> stream;
        private final Iterator<Path> entries;
        private final boolean closes;

        private Names(DirectoryStream<Path> stream, boolean closes) {
            this.stream = stream;
            this.entries = stream.iterator();
            this.closes = closes;
        }

        /** The next batch; empty at the end. */
        public List<Path> next() throws IOException {
            List<Path> names = new ArrayList<>();
            try {
                while (names.size() < MOST && entries.hasNext()) {
                    names.add(entries.next().getFileName());
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            return names;
        }

        @Override
        public void close() throws IOException {
            if (closes) {
                stream.close();
            }
        }
    }

    /** Uses an open handle ({@code openat}, {@code unlinkat}), which the rename of a parent cannot redirect. */
    record ByHandle(Path path, SecureDirectoryStream<Path> stream) implements SecureDirectory {
        @Override
        public Names names() {
            return new Names(stream, false);
        }

        @Override
        public BasicFileAttributes attributes(Path name) throws IOException {
            return stream.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        }

        @Override
        public SecureDirectory open(Path name) throws IOException {
            return new ByHandle(path.resolve(name), stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
        }

        @Override
        public SeekableByteChannel read(Path name) throws IOException {
            return stream.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        }

        @Override
        public Optional<Set<PosixFilePermission>> permissions(Path name) throws IOException {
            return permissionsOf(
                    stream.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS));
        }

        @Override
        public void deleteFile(Path name) throws IOException {
            stream.deleteFile(name);
        }

        @Override
        public void deleteDirectory(Path name) throws IOException {
            stream.deleteDirectory(name);
        }

        @Override
        public void rename(Path name, Path other) throws IOException {
            stream.move(name, stream, other);
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    /** Uses paths on platforms without handles, and checks all parents before each step. */
    record ByPath(@Nullable ByPath parent, Path path) implements SecureDirectory {
        @Override
        @SuppressWarnings("StreamResourceLeak") // The names that are returned close it.
        public Names names() throws IOException {
            requireReal();
            return new Names(Files.newDirectoryStream(path), true);
        }

        @Override
        public BasicFileAttributes attributes(Path name) throws IOException {
            return Files.readAttributes(path.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }

        @Override
        public SecureDirectory open(Path name) throws IOException {
            ByPath child = new ByPath(this, path.resolve(name));
            child.requireReal();
            return child;
        }

        @Override
        public SeekableByteChannel read(Path name) throws IOException {
            requireReal();
            return Files.newByteChannel(path.resolve(name), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        }

        @Override
        public Optional<Set<PosixFilePermission>> permissions(Path name) throws IOException {
            return permissionsOf(Files.getFileAttributeView(
                    path.resolve(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS));
        }

        @Override
        public void deleteFile(Path name) throws IOException {
            requireReal();
            Files.delete(path.resolve(name));
        }

        @Override
        public void deleteDirectory(Path name) throws IOException {
            deleteFile(name);
        }

        @Override
        public void rename(Path name, Path other) throws IOException {
            requireReal();
            Files.move(path.resolve(name), path.resolve(other), StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void close() {
            // Nothing is held open.
        }

        private void requireReal() throws IOException {
            for (ByPath folder = this; folder != null; folder = folder.parent) {
                if (!isRealDirectory(
                        Files.readAttributes(folder.path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS))) {
                    throw new FileSystemException(folder.path.toString(), null, "it is a link or no folder any more");
                }
            }
        }
    }
}
