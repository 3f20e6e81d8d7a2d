package io.github.modelcache.files.copy;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.ContainedFile;
import io.github.modelcache.files.LinkProbe;
import io.github.modelcache.files.Mounts;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.progress.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Copies, links, renames, writes and deletes files so that a target is complete or unchanged: content is written to a
 * temporary file and then renamed. A link at the target is replaced, never followed.
 */
public final class AtomicFileOperations {

    private final Watcher watcher;
    private final Progress progress;
    private final TreeDeleter deleter = new TreeDeleter();

    /** Is called before each change; an exception that it throws stops the operation there. */
    @FunctionalInterface
    public interface Watcher {
        /** The next change is of this path. */
        void before(Path changed);
    }

    /** Operations without a watcher. */
    public AtomicFileOperations() {
        this(changed -> {}, Progress.NONE);
    }

    /** Operations whose copying is shown. */
    public static AtomicFileOperations shownBy(Progress progress) {
        return new AtomicFileOperations(changed -> {}, progress);
    }

    /** Operations with a watcher. */
    public AtomicFileOperations(Watcher watcher) {
        this(watcher, Progress.NONE);
    }

    private AtomicFileOperations(Watcher watcher, Progress progress) {
        this.watcher = watcher;
        this.progress = progress;
    }

    /**
     * Creates a hard link.
     *
     * @param temporary a path in the target's folder; a file there is replaced
     * @return false where the file system or its owner does not allow it
     * @throws NoSuchFileException if the source is missing
     */
    public boolean hardLink(Path source, Path temporary, Path target) throws IOException {
        return hardLink(source, temporary, target, linked -> {});
    }

    /** Checks a linked file before it gets its final name. */
    @FunctionalInterface
    public interface Check {
        /** Throws when it is another file. */
        void require(Path linked) throws IOException;
    }

    /** The same, with a check of the linked file: another program may have replaced the source. */
    public boolean hardLink(Path source, Path temporary, Path target, Check check) throws IOException {
        AtomicFiles.createParents(target);
        watcher.before(temporary);
        Files.deleteIfExists(temporary);
        try {
            Files.createLink(temporary, source);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
        try {
            check.require(temporary);
        } catch (IOException | RuntimeException e) {
            AtomicFiles.deleteQuietly(temporary, e);
            throw e;
        }
        watcher.before(target);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(temporary); // a rename to another link of the same file does nothing
        return true;
    }

    /**
     * Copies a regular file, and reads the copy again.
     *
     * @param temporary a path in the target's folder; a file there is replaced
     * @param expected the digest of the content
     * @throws IOException if the copy has another content, or can't be written; the target is then unchanged
     */
    public void copy(Path source, Path temporary, Path target, Digest expected) throws IOException {
        copy(source.resolveSibling(".").normalize(), source, temporary, target, Optional.of(expected));
    }

    /**
     * Copies a regular file in a folder with its permissions, and reads the copy again. No link in the folder is followed.
     *
     * @throws NoSuchFileException if the source is missing
     * @throws IOException if a link is on the way to the source, or the copy differs from what was read; the target is
     *     then unchanged
     */
    public void copy(Path root, Path source, Path temporary, Path target) throws IOException {
        copy(root, source, temporary, target, Optional.empty());
    }

    private void copy(Path root, Path source, Path temporary, Path target, Optional<Digest> known) throws IOException {
        try (ContainedFile file = ContainedFile.open(root, source)) {
            AtomicFiles.createParents(target);
            watcher.before(temporary);
            Files.deleteIfExists(temporary);
            try {
                Digest read = HashedCopy.of(file.channel(), temporary, progress);
                Digest expected = known.orElse(read);
                Digest written = Hashing.digest(temporary, expected.algorithm());
                if (!written.equals(expected)) {
                    throw new IOException("the copy of " + source + " has " + written + ", expected " + expected
                            + "; the file changed while it was copied, or a disk or the memory is faulty");
                }
                CopiedAttributes.keepTime(file.modified(), temporary);
                if (known.isEmpty() && file.permissions().isPresent()) {
                    CopiedAttributes.setPermissions(file.permissions().get(), temporary);
                }
            } catch (IOException | RuntimeException e) {
                AtomicFiles.deleteQuietly(temporary, e);
                throw e;
            }
        }
        watcher.before(target);
        AtomicFiles.publish(temporary, target);
    }

    /**
     * Renames a file or folder within a file system.
     *
     * @throws java.nio.file.AtomicMoveNotSupportedException if the target is on another mount, or the source in a lower
     *     layer of an overlay
     * @throws IOException if the target is a folder that is not empty, or something is mounted in the source
     */
    public void rename(Path source, Path target) throws IOException {
        Path parent = source.toAbsolutePath().getParent();
        Mounts inside = parent == null
                ? Mounts.now()
                : Mounts.now().below(parent.toRealPath().resolve(source.getFileName()));
        if (!inside.isEmpty()) {
            throw new FileSystemException(
                    source.toString(),
                    null,
                    "can't be renamed, because something is mounted in it: "
                            + inside.points().get(0));
        }
        AtomicFiles.createParents(target);
        watcher.before(target);
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Renames a folder before it is deleted, as {@link TreeDeleter#rename} does. */
    public boolean setAside(Path root, Path folder, Path other) throws IOException {
        watcher.before(other);
        return deleter.rename(root, folder, other);
    }

    /**
     * Creates a symbolic link, or replaces one with another text.
     *
     * @param temporary a path in the link's folder; a file there is replaced
     */
    public void symbolicLink(Path link, Path temporary, Path text) throws IOException {
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(text)) {
            return;
        }
        AtomicFiles.createParents(link);
        watcher.before(link);
        try {
            Files.createSymbolicLink(link, text);
        } catch (FileAlreadyExistsException e) {
            replace(link, temporary, text);
        }
    }

    /**
     * Whether symbolic links can be created and followed in a folder.
     *
     * @param probe an unused path in the folder
     * @throws IOException if nothing can be created there
     */
    public boolean canLink(Path probe) throws IOException {
        AtomicFiles.createParents(probe);
        watcher.before(probe);
        return LinkProbe.works(probe);
    }

    private void replace(Path link, Path temporary, Path text) throws IOException {
        Files.deleteIfExists(temporary);
        Files.createSymbolicLink(temporary, text);
        try {
            watcher.before(link);
            Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            AtomicFiles.deleteQuietly(temporary, e);
            throw e;
        }
    }

    /**
     * Writes a small file in one step.
     *
     * @param temporary a path in the file's folder; a file there is replaced
     */
    public void write(Path target, Path temporary, byte[] content) throws IOException {
        AtomicFiles.createParents(target);
        watcher.before(temporary);
        Files.deleteIfExists(temporary);
        try {
            try (FileChannel channel = AtomicFiles.createNew(temporary)) {
                ByteBuffer buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
                CopiedAttributes.keepPermissions(target, temporary);
            }
        } catch (IOException | RuntimeException e) {
            AtomicFiles.deleteQuietly(temporary, e);
            throw e;
        }
        watcher.before(target);
        AtomicFiles.publish(temporary, target);
    }

    /**
     * Deletes a file or link below a root, as {@link TreeDeleter#deleteFile} does.
     *
     * @return the bytes that became free
     */
    public long delete(Path root, Path file) throws IOException {
        watcher.before(file);
        return deleter.deleteFile(root, file);
    }

    /**
     * Deletes the entries of a folder that a judge allows, as {@link TreeDeleter#deleteJudged} does.
     *
     * @return the bytes that became free
     */
    public long deleteAll(Path root, TreeDeleter.Judge judge) throws IOException {
        return deleter.deleteJudged(root, root, new TreeDeleter.Judge() {
            @Override
            public boolean shouldDelete(Path path, BasicFileAttributes attributes) {
                boolean deleted = judge.shouldDelete(path, attributes);
                if (deleted) {
                    watcher.before(path);
                }
                return deleted;
            }

            @Override
            public boolean isDeletedLast(Path folder) {
                return judge.isDeletedLast(folder);
            }

            @Override
            public void failed(IOException reason) {
                judge.failed(reason);
            }
        });
    }
}
