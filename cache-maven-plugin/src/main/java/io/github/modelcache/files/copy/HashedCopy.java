package io.github.modelcache.files.copy;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.progress.Activity;
import io.github.modelcache.progress.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Writes a content to a new file, flushes it to the disk, and computes its digest. */
final class HashedCopy {

    private static final int BUFFER_BYTES = 1024 * 1024;

    private HashedCopy() {}

    static Digest of(ReadableByteChannel in, Path copy, Progress progress) throws IOException {
        MessageDigest digest = DigestAlgorithm.SHA256.start(0);
        try (FileChannel out = AtomicFiles.createNew(copy);
                Progress.Work work = progress.begin(Activity.COPYING)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            while (in.read(buffer) >= 0) {
                digest.update(buffer.array(), 0, buffer.position());
                work.done(buffer.position());
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
}
