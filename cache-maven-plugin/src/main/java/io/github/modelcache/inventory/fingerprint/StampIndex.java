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
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Stores the digest of each file with its path, size, times and inode, so that an unchanged file is not read again.
 *
 * <p>A file that changes twice within one tick of the file system's clock keeps its time, so a stamp is only trusted if
 * it is clearly older than the index; git calls the others "racily clean". Everything else is hashed again: a lost or
 * broken index costs time, never truth. Not safe for several threads.
 *
 * @see <a href="https://git-scm.com/docs/racy-git">Racy git</a>
 */
public final class StampIndex {

    private static final long MAGIC = 0x4d43_5354_414d_5031L; // "MCSTAMP1"
    /** A record: hash of path and algorithm, size, modified, changed, inode, and 32 bytes of digest. */
    private static final int FIELDS = 9;

    private static final int DIGEST_FIELD = 5;
    /** The index takes several times the size of the file in memory. 100,000 files need 7 MB on disk. */
    private static final int PART_OF_MEMORY = 10;

    private static final int LARGEST = 1 << 30;
    /** Several ticks of the clocks of Linux, macOS and Windows. */
    private static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** Where file times are whole seconds: the two seconds of FAT, the coarsest in use. */
    private static final long COARSE_MARGIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Map<Long, long[]> records = new HashMap<>();
    private boolean changed;

    /** Reads an index; one that is missing, broken or too large for this JVM's memory is empty. */
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
            return index; // missing or unreadable: everything is hashed
        }
        return index;
    }

    private static long trustedBefore(long savedNanos) {
        boolean coarse = savedNanos % TimeUnit.SECONDS.toNanos(1) == 0;
        return savedNanos - (coarse ? COARSE_MARGIN_NANOS : MARGIN_NANOS);
    }

    private void read(ByteBuffer content, long trustedBefore) {
        while (content.remaining() >= FIELDS * Long.BYTES) {
            long[] fields = new long[FIELDS];
            for (int i = 0; i < FIELDS; i++) {
                fields[i] = content.getLong();
            }
            if (Math.max(fields[2], fields[3]) < trustedBefore) {
                records.put(fields[0], fields);
            }
        }
    }

    /** The number of digests. */
    public int size() {
        return records.size();
    }

    /** The digest of a file that has exactly this stamp. */
    public Optional<Digest> find(Path file, FileStamp stamp, DigestAlgorithm algorithm) {
        long[] fields = records.get(key(file, algorithm));
        if (fields == null
                || fields[1] != stamp.size()
                || fields[2] != stamp.modifiedNanos()
                || fields[3] != stamp.changedNanos()
                || fields[4] != stamp.inode()) {
            return Optional.empty();
        }
        return Optional.of(digest(fields, algorithm));
    }

    /** Stores the digest of a file with this stamp. */
    public void record(Path file, FileStamp stamp, Digest digest) {
        long[] fields = new long[FIELDS];
        fields[0] = key(file, digest.algorithm());
        fields[1] = stamp.size();
        fields[2] = stamp.modifiedNanos();
        fields[3] = stamp.changedNanos();
        fields[4] = stamp.inode();
        ByteBuffer bytes = ByteBuffer.allocate((FIELDS - DIGEST_FIELD) * Long.BYTES);
        bytes.put(HexFormat.of().parseHex(digest.hex())).rewind();
        bytes.asLongBuffer().get(fields, DIGEST_FIELD, FIELDS - DIGEST_FIELD);
        records.put(fields[0], fields);
        changed = true;
    }

    /** Writes the index, if a digest was added since it was read. */
    public void save(Path file) throws IOException {
        if (!changed) {
            return;
        }
        ByteBuffer content = ByteBuffer.allocate(Long.BYTES + records.size() * FIELDS * Long.BYTES);
        content.putLong(MAGIC);
        for (long[] fields : records.values()) {
            for (long field : fields) {
                content.putLong(field);
            }
        }
        // Always a new file, even with the same content: stamps are trusted by its age.
        Path temporary = AtomicFiles.temporaryBeside(file);
        AtomicFiles.createParents(file.toAbsolutePath());
        Files.write(temporary, content.array(), StandardOpenOption.CREATE_NEW);
        AtomicFiles.publish(temporary, file);
        changed = false;
    }

    private static Digest digest(long[] fields, DigestAlgorithm algorithm) {
        ByteBuffer bytes = ByteBuffer.allocate((FIELDS - DIGEST_FIELD) * Long.BYTES);
        bytes.asLongBuffer().put(fields, DIGEST_FIELD, FIELDS - DIGEST_FIELD);
        return new Digest(algorithm, HexFormat.of().formatHex(bytes.array(), 0, algorithm.hexLength() / 2));
    }

    /** 64 bits of the path, the lowest two of which tell the algorithm. */
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
}
