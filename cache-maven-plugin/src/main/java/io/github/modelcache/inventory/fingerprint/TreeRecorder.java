package io.github.modelcache.inventory.fingerprint;

import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.FileStamp;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Makes a {@link TreeRecord} during a walk. The look at a file has to come before whatever decides about its content,
 * so that a change in between shows in the next run.
 *
 * <p>It gives up, and the next run goes through everything again, where the record could not be relied on:
 *
 * <ul>
 *   <li>a file or folder was touched so shortly before the walk that its clock may stand still ({@link StampIndex} has
 *       the margins);
 *   <li>a link leads out of its tree, where nobody looks;
 *   <li>a folder could not be read, or the platform tells no {@code ctime} and inode;
 *   <li>the tree lies on another file system than the record, or that file system does not change a folder's times when
 *       something in it is replaced.
 * </ul>
 */
public final class TreeRecorder implements CacheWalk.Visitor, AutoCloseable {

    private static final int ENTRIES_A_PIECE = 1024;
    private static final int LONGEST_TEXT = Short.MAX_VALUE;

    private final Path file;
    private final Path temporary;
    private final DataOutputStream out;
    private final CacheEntry folderBefore;
    private final long trustedBefore;
    private final ByteArrayOutputStream pieceBytes = new ByteArrayOutputStream();
    private final DataOutputStream piece = new DataOutputStream(pieceBytes);
    private Optional<Path> folder = Optional.empty();
    private Path root;
    private int entries;
    private long youngest = Long.MIN_VALUE;
    private boolean reliable = true;

    /**
     * Starts a record.
     *
     * @param laterNanos how much later than it is the record pretends to be made
     * @throws IOException when it can't be written
     */
    TreeRecorder(Path file, byte[] key, long laterNanos) throws IOException {
        this.file = file;
        this.root = file;
        this.temporary = AtomicFiles.temporaryBeside(file);
        this.folderBefore = CacheEntry.of(file.resolveSibling(".").normalize());
        this.out = new DataOutputStream(
                new BufferedOutputStream(Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)));
        this.trustedBefore = StampIndex.trustedBefore(FileStamp.of(temporary).modifiedNanos() + laterNanos);
        out.writeLong(TreeRecord.MAGIC);
        out.write(key);
    }

    /**
     * Starts a record; none where it can't be written.
     *
     * @param file where the record will be kept; its folder must exist
     * @param key 32 bytes that stand for all else that the note depends on
     */
    public static Optional<TreeRecorder> start(Path file, byte[] key) {
        try {
            return Optional.of(new TreeRecorder(file, key, 0));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Records a single file, or the root of a tree that is walked next; where it is a link, what it leads to. */
    public void start(Path start) {
        root = start;
        try {
            add(CacheEntry.of(start.toRealPath()));
        } catch (IOException e) {
            reliable = false;
        }
    }

    @Override
    public void directory(CacheEntry directory) {
        add(directory);
    }

    @Override
    public void entry(CacheEntry entry) {
        if (entry.kind() == CacheEntry.Kind.LINK) {
            reliable = reliable && leadsInside(entry.path());
        } else {
            add(entry);
        }
    }

    @Override
    public void unreadable(Path path, IOException reason) {
        reliable = false;
    }

    /**
     * Whether a link leads below its root, as far as its text tells: up over real folders, then down. Where the way
     * down meets another link, that one is looked at as well.
     */
    private boolean leadsInside(Path link) {
        try {
            Path target = Files.readSymbolicLink(link);
            int up = 0;
            while (up < target.getNameCount() && target.getName(up).toString().equals("..")) {
                up++;
            }
            for (int i = up; i < target.getNameCount(); i++) {
                if (target.getName(i).toString().equals("..")) {
                    return false;
                }
            }
            int depth = link.getNameCount() - 1 - root.getNameCount();
            return !target.isAbsolute() && up <= depth;
        } catch (IOException e) {
            return false;
        }
    }

    private void add(CacheEntry entry) {
        FileStamp stamp = entry.stamp();
        youngest = Math.max(youngest, Math.max(stamp.modifiedNanos(), stamp.changedNanos()));
        boolean known = stamp.inode() != 0 && stamp.changedNanos() != 0 && entry.device() == folderBefore.device();
        reliable = reliable && known;
        if (reliable) {
            try {
                write(entry);
            } catch (IOException e) {
                reliable = false;
            }
        }
    }

    private void write(CacheEntry entry) throws IOException {
        Path path = entry.path().toAbsolutePath();
        Path parent = path.getParent();
        Path name = path.getFileName();
        if (parent == null || name == null) {
            throw new IOException(path + " is no cache");
        }
        if (entries == ENTRIES_A_PIECE || !folder.equals(Optional.of(parent))) {
            endPiece();
            folder = Optional.of(parent);
        }
        piece.writeByte(entry.kind() == CacheEntry.Kind.DIRECTORY ? 1 : 0);
        text(piece, name.toString());
        piece.writeLong(TreeRecord.mark(entry));
        entries++;
    }

    private void endPiece() throws IOException {
        if (entries > 0 && folder.isPresent()) {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            DataOutputStream start = new DataOutputStream(head);
            text(start, folder.get().toString());
            start.writeInt(entries);
            out.writeInt(head.size() + pieceBytes.size());
            head.writeTo(out);
            pieceBytes.writeTo(out);
            pieceBytes.reset();
            entries = 0;
        }
    }

    private static void text(DataOutputStream to, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LONGEST_TEXT) {
            throw new IOException("a path of " + bytes.length + " bytes");
        }
        to.writeShort(bytes.length);
        to.write(bytes);
    }

    /**
     * Keeps the record, if it can be relied on.
     *
     * @param note what holds as long as nothing changes
     * @return whether it was kept
     */
    public boolean publish(byte[] note) {
        if (!reliable || youngest >= trustedBefore) {
            return false;
        }
        try {
            endPiece();
            out.writeInt(0);
            out.writeInt(note.length);
            out.write(note);
            out.writeLong(TreeRecord.MAGIC);
            out.close();
            AtomicFiles.publish(temporary, file);
            boolean timesChange = CacheEntry.of(folderBefore.path()).stamp().modifiedNanos()
                    != folderBefore.stamp().modifiedNanos();
            if (!timesChange) {
                Files.delete(file);
            }
            return timesChange;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            out.close();
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            return; // a leftover that the next clean drops
        }
    }
}
