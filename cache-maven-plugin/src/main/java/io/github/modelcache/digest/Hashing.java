package io.github.modelcache.digest;

import io.github.modelcache.files.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/** Digests of files, in memory that does not depend on their size. */
public final class Hashing {
    /** Large enough that system calls cost nothing, small enough to stay in a core's cache. */
    private static final int BUFFER_BYTES = 128 * 1024;

    private Hashing() {}

    /** The digest of a small content that is at hand. */
    public static Digest digest(byte[] content, DigestAlgorithm algorithm) {
        return Digest.of(algorithm, algorithm.start(content.length).digest(content));
    }

    /**
     * The digest of a file's content; of the target's, where {@code file} is a symbolic link.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it cannot be read, changes its length meanwhile in a way that matters to the algorithm, or
     *     the thread is interrupted
     */
    public static Digest digest(Path file, DigestAlgorithm algorithm) throws IOException {
        return digest(file, algorithm, bytes -> {});
    }

    /** The same; {@code seen} hears of each piece that was read. */
    static Digest digest(Path file, DigestAlgorithm algorithm, LongConsumer seen) throws IOException {
        try (FileChannel channel = RegularFile.channel(file)) {
            long length = channel.size();
            MessageDigest digest = algorithm.start(length);
            long read = update(digest, channel, seen);
            if (algorithm == DigestAlgorithm.GIT_SHA1 && read != length) {
                throw new IOException(file + " changed while it was read: it had " + length + " bytes, then " + read
                        + "; try again when nothing writes to it");
            }
            return Digest.of(algorithm, digest.digest());
        }
    }

    /** Feeds the rest of a channel to a digest and returns how many bytes that were. */
    public static long update(MessageDigest digest, FileChannel channel) throws IOException {
        return update(digest, channel, bytes -> {});
    }

    private static long update(MessageDigest digest, FileChannel channel, LongConsumer seen) throws IOException {
        // A large buffer for each of thousands of small files would cost more than hashing them.
        long left = channel.size() - channel.position();
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(1, Math.min(BUFFER_BYTES, left)));
        long total = 0;
        while (channel.read(buffer) >= 0) {
            total += buffer.position();
            digest.update(buffer.array(), 0, buffer.position());
            seen.accept(buffer.position());
            buffer.clear();
        }
        return total;
    }
}
