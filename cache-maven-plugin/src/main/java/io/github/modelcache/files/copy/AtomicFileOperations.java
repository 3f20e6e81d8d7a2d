package io.github.modelcache.files.copy;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.ContainedFile;
import io.github.modelcache.files.LinkProbe;
import io.github.modelcache.files.Mounts;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.files.deletion.TreeDeleter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.Set;

/**
 * Brings files from one place to another so that a target is there whole and right, or not at all: bytes gather in a
 * temporary beside it and are moved over it in one step. A link at the target is replaced, never written through.
 */
public final class AtomicFileOperations {

    private static final int BUFFER_BYTES = 1024 * 1024;
    private static final long CHUNK_BYTES = 64L * 1024 * 1024;

    private final Watcher watcher;
    private final TreeDeleter deleter = new TreeDeleter();

    /** Somebody who wants to know each step before it is taken; what it throws stops the work there. */
    @FunctionalInterface
    public interface Watcher {
        /** The next step changes this path. */
        void before(Path changed);
    }

    /** A relay that nobody watches. */
    public AtomicFileOperations() {
        this(changed -> {});
    }

    /** A relay whose steps are watched. */
    public AtomicFileOperations(Watcher watcher) {
        this.watcher = watcher;
    }

    /**
     * Gives a file a second name, so that no byte is copied.
     *
     * @param temporary a name in the target's folder; whatever lies there is replaced
     * @return false where the file system or its owner does not allow it
     * @throws NoSuchFileException if the source is gone
     */
    public boolean hardLink(Path source, Path temporary, Path target) throws IOException {
        return hardLink(source, temporary, target, linked -> {});
    }

    /** Looks at what was linked before it gets its last name. */
    @FunctionalInterface
    public interface Check {
        /** Throws when it is not what was to be linked. */
        void require(Path linked) throws IOException;
    }

    /**
     * The same, with a look at what was really linked: between a look and the link, somebody may have put another file
     * there.
     */
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
        // Two names of one file: moving one over the other does nothing, and the temporary name stays.
        Files.deleteIfExists(temporary);
        return true;
    }

    /**
     * Copies a regular file, and reads the copy again before it gets its name.
     *
     * @param temporary a name in the target's folder; whatever lies there is replaced
     * @param expected what the content must hash to
     * @throws IOException if the copy has another content, or can't be written; the target is then as it was
     */
    public void copy(Path source, Path temporary, Path target, Digest expected) throws IOException {
        FileTime modified = Files.getLastModifiedTime(source, LinkOption.NOFOLLOW_LINKS);
        AtomicFiles.createParents(target);
        watcher.before(temporary);
        Files.deleteIfExists(temporary);
        try {
            bytes(source, temporary);
            Digest actual = Hashing.digest(temporary, expected.algorithm());
            if (!actual.equals(expected)) {
                throw new IOException("the copy of " + source + " has " + actual + ", expected " + expected
                        + "; the file changed meanwhile, or a disk or its memory is faulty");
            }
            keepTime(modified, temporary);
        } catch (IOException | RuntimeException e) {
            AtomicFiles.deleteQuietly(temporary, e);
            throw e;
        }
        watcher.before(target);
        AtomicFiles.publish(temporary, target);
    }

    /**
     * Copies a regular file below a folder with its permissions, and reads the copy again before it gets its name. No
     * link below the folder is followed.
     *
     * @throws NoSuchFileException if the source is gone
     * @throws IOException if a link is on the way to the source, or if what was written is not what was read; the target
     *     is then as it was
     */
    public void copy(Path root, Path source, Path temporary, Path target) throws IOException {
        try (ContainedFile file = ContainedFile.open(root, source)) {
            AtomicFiles.createParents(target);
            watcher.before(temporary);
            Files.deleteIfExists(temporary);
            try {
                copy(file, source, temporary);
            } catch (IOException | RuntimeException e) {
                AtomicFiles.deleteQuietly(temporary, e);
                throw e;
            }
        }
        watcher.before(target);
        AtomicFiles.publish(temporary, target);
    }

    private static void copy(ContainedFile file, Path source, Path temporary) throws IOException {
        Digest read = hashedBytes(file.channel(), temporary);
        Digest written = Hashing.digest(temporary, DigestAlgorithm.SHA256);
        if (!written.equals(read)) {
            throw new IOException("the copy of " + source + " is not what was read: " + written + ", expected " + read
                    + "; a disk or its memory is faulty");
        }
        keepTime(file.modified(), temporary);
        if (file.permissions().isPresent()) {
            setPermissions(file.permissions().get(), temporary);
        }
    }

    private static Digest hashedBytes(ReadableByteChannel in, Path temporary) throws IOException {
        MessageDigest digest = DigestAlgorithm.SHA256.start(0);
        try (FileChannel out = AtomicFiles.createNew(temporary)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            while (in.read(buffer) >= 0) {
                digest.update(buffer.array(), 0, buffer.position());
                buffer.flip();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                buffer.clear();
            }
            out.force(false);
        }
        return Digest.of(DigestAlgorithm.SHA256, digest.digest());
    }

    private static void bytes(Path source, Path temporary) throws IOException {
        try (FileChannel in = RegularFile.channel(source, LinkOption.NOFOLLOW_LINKS);
                FileChannel out = AtomicFiles.createNew(temporary)) {
            long size = in.size();
            long position = 0;
            while (position < size) {
                long moved = in.transferTo(position, Math.min(CHUNK_BYTES, size - position), out);
                if (moved <= 0) {
                    throw new IOException(source + " became shorter while it was copied; run the goal again");
                }
                position += moved;
            }
            out.force(false);
        }
    }

    /**
     * Clean-ups look at when a model was used last, and a move is no use. The time is from before the first byte was read,
     * so that a file written meanwhile differs from its copy.
     */
    private static void keepTime(FileTime modified, Path copy) throws IOException {
        try {
            Files.getFileAttributeView(copy, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(modified, null, null);
        } catch (FileSystemException e) {
            // A drive that lets nobody but its mounter set times: then the copy is as old as it is.
            return;
        }
    }

    /** Gives a copy the permissions of its source, where both file systems have such. */
    public static void keepPermissions(Path source, Path copy) throws IOException {
        PosixFileAttributeView from =
                Files.getFileAttributeView(source, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (from != null) {
            setPermissions(from.readAttributes().permissions(), copy);
        }
    }

    private static void setPermissions(Set<PosixFilePermission> permissions, Path copy) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(copy, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return;
        }
        try {
            view.setPermissions(permissions);
        } catch (FileSystemException e) {
            // Network drives and FAT have their own; the copy is readable as the user's umask says.
            return;
        }
    }

    /**
     * Renames a file or folder within a file system.
     *
     * @throws java.nio.file.AtomicMoveNotSupportedException if the target lies on another mount, or the source in a lower
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

    /**
     * Gives a folder that is to go another name beside its own.
     *
     * @see TreeDeleter#rename
     */
    public boolean setAside(Path root, Path folder, Path other) throws IOException {
        watcher.before(other);
        return deleter.rename(root, folder, other);
    }

    /**
     * Makes a symbolic link with this very text; one that has it already is left alone.
     *
     * @param temporary a name in the link's folder; whatever lies there is replaced
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
     * Whether symbolic links can be made and followed in a folder.
     *
     * @param probe a name in the folder that nobody else uses
     * @throws IOException if nothing at all can be created there
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
     * @param temporary a name in the file's folder; whatever lies there is replaced
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
                keepPermissions(target, temporary);
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
     * Empties a folder of what a judge lets go, as {@link TreeDeleter#deleteJudged} does.
     *
     * @return the bytes that became free
     */
    public long deleteAll(Path root, TreeDeleter.Judge judge) throws IOException {
        return deleter.deleteJudged(root, root, new TreeDeleter.Judge() {
            @Override
            public boolean goes(Path path, BasicFileAttributes attributes) {
                boolean goes = judge.goes(path, attributes);
                if (goes) {
                    watcher.before(path);
                }
                return goes;
            }

            @Override
            public boolean goesLast(Path folder) {
                return judge.goesLast(folder);
            }

            @Override
            public void failed(IOException reason) {
                judge.failed(reason);
            }
        });
    }
}
