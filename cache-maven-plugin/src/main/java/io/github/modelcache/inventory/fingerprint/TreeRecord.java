package io.github.modelcache.inventory.fingerprint;

import io.github.modelcache.files.FileStamp;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.inventory.scan.CacheEntry;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What whole trees looked like when somebody last went through them, and a note of what they found. As long as nothing
 * changed, the note still holds: one look at each file tells, and nothing has to be listed, parsed or compared.
 *
 * <p>Every folder and every file that is not a link is in the record, with a mark of its size and times. Whoever
 * adds, removes, renames or replaces something, a link too, changes the time of the folder it lies in; whoever writes
 * to a file changes the file's. A link can't be changed in place. So links need no look of their own, which git's
 * untracked cache relies on as well.
 *
 * <p>Read in pieces by several threads at once, so a million files need no more memory than a thousand.
 *
 * <pre>
 * magic, 32 bytes of key, pieces, 0, length of the note, note, magic
 * piece: length, length of the folder's path, path, number of entries, entries
 * entry: 1 for a folder, else 0, length of the name, name, mark
 * </pre>
 *
 * @see TreeRecorder
 * @see <a href="https://git-scm.com/docs/git-update-index#_untracked_cache">git's untracked cache</a>
 */
public final class TreeRecord {

    static final long MAGIC = 0x4d43_5452_4545_3031L; // "MCTREE01"
    static final int KEY_BYTES = 32;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int LARGEST_PIECE = 1 << 24;
    private static final int MOST_THREADS = 8;

    private final DataInputStream in;
    private boolean same = true;
    private boolean ended;

    private TreeRecord(DataInputStream in) {
        this.in = in;
    }

    /**
     * The note of a record, if it was made for this key and everything still looks the same. A missing or broken record
     * says nothing.
     *
     * @param key 32 bytes that stand for all else that the note depends on
     */
    public static Optional<byte[]> unchanged(Path file, byte[] key) {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(RegularFile.stream(file), BUFFER_BYTES))) {
            boolean known = in.readLong() == MAGIC && Arrays.equals(in.readNBytes(KEY_BYTES), key);
            return known && new TreeRecord(in).compared() ? note(in) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // not there, or not to be read
        }
    }

    private static Optional<byte[]> note(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LARGEST_PIECE) {
            return Optional.empty();
        }
        byte[] note = in.readNBytes(length);
        return in.readLong() == MAGIC ? Optional.of(note) : Optional.empty();
    }

    /** What stands for an entry that looks like this. */
    static long mark(CacheEntry entry) {
        FileStamp stamp = entry.stamp();
        return entry.kind() == CacheEntry.Kind.DIRECTORY ? mark(stamp) : mark(stamp.size(), stamp.changedNanos());
    }

    /**
     * What stands for a file now. Its folder tells that it is the same file still, and nobody writes to a file or sets
     * its time without changing its {@code ctime}; asking for less makes the look half as long.
     */
    private static long mark(Path file) throws IOException {
        Map<String, Object> found = Files.readAttributes(file, "unix:size,ctime", LinkOption.NOFOLLOW_LINKS);
        return found.get("size") instanceof Long size && found.get("ctime") instanceof FileTime changed
                ? mark(size, changed.to(TimeUnit.NANOSECONDS))
                : 0;
    }

    private static long mark(long size, long changedNanos) {
        return mixed(mixed(size) ^ changedNanos);
    }

    private static long mark(FileStamp stamp) {
        long mark = mixed(stamp.size());
        mark = mixed(mark ^ stamp.modifiedNanos());
        mark = mixed(mark ^ stamp.changedNanos());
        return mixed(mark ^ stamp.inode());
    }

    /** Spreads each bit over all; the finalizer of SplitMix64. */
    private static long mixed(long value) {
        long mixed = value + 0x9e37_79b9_7f4a_7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ (mixed >>> 31);
    }

    private boolean compared() throws IOException {
        int others = Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS) - 1;
        List<Thread> helpers = new ArrayList<>();
        for (int i = 0; i < others; i++) {
            Thread helper = new Thread(this::compareAll, "model-cache-look");
            helper.setDaemon(true);
            helper.start();
            helpers.add(helper);
        }
        compareAll();
        try {
            for (Thread helper : helpers) {
                helper.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while looking at files", e);
        }
        return wholeAndSame();
    }

    private synchronized boolean wholeAndSame() {
        return same && ended;
    }

    private void compareAll() {
        try {
            for (Optional<byte[]> piece = next(); piece.isPresent(); piece = next()) {
                if (!looksTheSame(piece.get())) {
                    differs();
                }
            }
        } catch (IOException | RuntimeException e) {
            differs(); // gone, not to be read, or a broken record
        }
    }

    private synchronized void differs() {
        same = false;
    }

    /** The next piece; none at the end, or when another thread found a difference. */
    private synchronized Optional<byte[]> next() throws IOException {
        if (!same || ended) {
            return Optional.empty();
        }
        int length = in.readInt();
        if (length == 0) {
            ended = true;
            return Optional.empty();
        }
        if (length < 0 || length > LARGEST_PIECE) {
            throw new IOException("not the length of a piece: " + length);
        }
        byte[] piece = new byte[length];
        in.readFully(piece);
        return Optional.of(piece);
    }

    private static boolean looksTheSame(byte[] bytes) throws IOException {
        ByteBuffer piece = ByteBuffer.wrap(bytes);
        Path folder = Path.of(text(bytes, piece));
        for (int left = piece.getInt(); left > 0; left--) {
            boolean directory = piece.get() != 0;
            Path path = folder.resolve(text(bytes, piece));
            long now = directory ? mark(FileStamp.of(path)) : mark(path);
            if (now != piece.getLong()) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] bytes, ByteBuffer at) {
        int length = at.getShort();
        String text = new String(bytes, at.position(), length, StandardCharsets.UTF_8);
        at.position(at.position() + length);
        return text;
    }
}
