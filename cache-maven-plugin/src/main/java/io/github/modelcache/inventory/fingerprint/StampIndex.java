package io.github.modelcache.inventory.fingerprint;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.FileStamp;
import io.github.modelcache.files.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Remembers what files hashed to, by path, size, times and inode, so that an unchanged file is not read again.
 *
 * <p>A file that changes within one tick of the file system's clock keeps its time stamp, so a stamp is only trusted
 * when it was clearly older than the moment the index was saved; git calls the others "racily clean". What the index
 * does not know, or not for sure, is hashed again: a lost or broken index costs time, never truth.
 *
 * <p>One table of longs, 72 bytes a file: a million files fit in 150 MB. Not safe for several threads.
 *
 * @see <a href="https://git-scm.com/docs/racy-git">Racy git</a>
 */
public final class StampIndex {

    private static final long MAGIC = 0x4d43_5354_414d_5031L; // "MCSTAMP1"
    private static final int FIELDS = 9;
    private static final int DIGEST_LONGS = 4;
    private static final int SMALLEST = 64;
    /** The table takes several times the size of the file. 100,000 files need 7 MB. */
    private static final int PART_OF_MEMORY = 10;

    private static final int LARGEST = 1 << 30;
    /** Several ticks of the clocks that Linux, macOS and Windows stamp files with. */
    private static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** Where file times are whole seconds: the two seconds of FAT, the coarsest in use. */
    private static final long COARSE_MARGIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private long[] table = new long[SMALLEST * FIELDS];
    private int count;
    private boolean changed;

    /** An index that knows nothing. */
    public StampIndex() {}

    /** Reads an index; one that is missing, broken or too large for this JVM's memory knows nothing. */
    public static StampIndex load(Path file) {
        StampIndex index = new StampIndex();
        try {
            FileStamp stamp = FileStamp.of(file);
            if (stamp.size() > Runtime.getRuntime().maxMemory() / PART_OF_MEMORY) {
                return index;
            }
            ByteBuffer content = ByteBuffer.wrap(RegularFile.bytes(file, (int) Math.min(stamp.size(), LARGEST)));
            if (content.remaining() >= Long.BYTES && content.getLong() == MAGIC) {
                index.read(content, trustedBefore(stamp.modifiedNanos()));
            }
        } catch (IOException e) {
            return index; // not there, or not to be read: everything is hashed
        }
        return index;
    }

    /** What was touched at this time or later may have changed since without a trace, to a file saved at that time. */
    static long trustedBefore(long savedNanos) {
        boolean coarse = savedNanos % TimeUnit.SECONDS.toNanos(1) == 0;
        return savedNanos - (coarse ? COARSE_MARGIN_NANOS : MARGIN_NANOS);
    }

    private void read(ByteBuffer content, long trustedBefore) {
        long[] fields = new long[FIELDS];
        while (content.remaining() >= FIELDS * Long.BYTES) {
            for (int i = 0; i < FIELDS; i++) {
                fields[i] = content.getLong();
            }
            boolean racy = Math.max(fields[2], fields[3]) >= trustedBefore;
            if (!racy && fields[0] != 0) {
                put(fields);
            }
        }
        changed = false;
    }

    /** How many contents it knows. */
    public int size() {
        return count;
    }

    /** What this file hashed to when it last looked exactly like this. */
    public Optional<Digest> find(Path file, FileStamp stamp, DigestAlgorithm algorithm) {
        int slot = slot(key(file, algorithm));
        boolean known = table[slot] != 0
                && table[slot + 1] == stamp.size()
                && table[slot + 2] == stamp.modifiedNanos()
                && table[slot + 3] == stamp.changedNanos()
                && table[slot + 4] == stamp.inode();
        return known ? Optional.of(digest(slot, algorithm)) : Optional.empty();
    }

    /** Remembers what a file with this stamp hashes to. */
    public void record(Path file, FileStamp stamp, Digest digest) {
        long[] fields = new long[FIELDS];
        fields[0] = key(file, digest.algorithm());
        fields[1] = stamp.size();
        fields[2] = stamp.modifiedNanos();
        fields[3] = stamp.changedNanos();
        fields[4] = stamp.inode();
        ByteBuffer bytes = ByteBuffer.allocate(DIGEST_LONGS * Long.BYTES);
        bytes.put(HexFormat.of().parseHex(digest.hex())).rewind();
        for (int i = 0; i < DIGEST_LONGS; i++) {
            fields[5 + i] = bytes.getLong();
        }
        put(fields);
        changed = true;
    }

    /** Writes the index, if it learned something since it was read. */
    public void save(Path file) throws IOException {
        if (!changed) {
            return;
        }
        ByteBuffer content = ByteBuffer.allocate(Long.BYTES + count * FIELDS * Long.BYTES);
        content.putLong(MAGIC);
        for (int slot = 0; slot < table.length; slot += FIELDS) {
            if (table[slot] != 0) {
                for (int i = 0; i < FIELDS; i++) {
                    content.putLong(table[slot + i]);
                }
            }
        }
        // Always a new file, even with the same content: its age is what tells which stamps have settled.
        Path temporary = AtomicFiles.temporaryBeside(file);
        AtomicFiles.createParents(file.toAbsolutePath());
        Files.write(temporary, content.array(), StandardOpenOption.CREATE_NEW);
        AtomicFiles.publish(temporary, file);
        changed = false;
    }

    private Digest digest(int slot, DigestAlgorithm algorithm) {
        ByteBuffer bytes = ByteBuffer.allocate(DIGEST_LONGS * Long.BYTES);
        for (int i = 0; i < DIGEST_LONGS; i++) {
            bytes.putLong(table[slot + 5 + i]);
        }
        return new Digest(algorithm, HexFormat.of().formatHex(bytes.array(), 0, algorithm.hexLength() / 2));
    }

    /** 64 bits of the path, the lowest two of which tell the algorithm; never 0, which marks a free slot. */
    private static long key(Path file, DigestAlgorithm algorithm) {
        String path = file.toString();
        long hash = 0xcbf2_9ce4_8422_2325L; // FNV-1a
        for (int i = 0; i < path.length(); i++) {
            hash = (hash ^ path.charAt(i)) * 0x100_0000_01b3L;
        }
        hash ^= hash >>> 32;
        return (hash << 2)
                | switch (algorithm) {
                    case SHA256 -> 2;
                    case GIT_SHA1 -> 3;
                    case SHA1 -> 1;
                };
    }

    private void put(long[] fields) {
        if ((count + 1) * 10L > (long) table.length / FIELDS * 7) {
            grow();
        }
        int slot = slot(fields[0]);
        if (table[slot] == 0) {
            count++;
        }
        System.arraycopy(fields, 0, table, slot, FIELDS);
    }

    /** The slot that holds this key, or the free one where it belongs. */
    private int slot(long key) {
        int slots = table.length / FIELDS;
        int at = (int) Long.remainderUnsigned(key * 0x9e37_79b9_7f4a_7c15L, slots);
        while (table[at * FIELDS] != 0 && table[at * FIELDS] != key) {
            at = (at + 1) % slots;
        }
        return at * FIELDS;
    }

    private void grow() {
        long[] old = table;
        table = new long[Math.multiplyExact(old.length, 2)];
        count = 0;
        for (int slot = 0; slot < old.length; slot += FIELDS) {
            if (old[slot] != 0) {
                put(Arrays.copyOfRange(old, slot, slot + FIELDS));
            }
        }
    }
}
