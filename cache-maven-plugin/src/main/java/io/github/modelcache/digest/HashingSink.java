package io.github.modelcache.digest;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Writes bytes to a file and hashes them. Once some MiB have come, hashing moves to a second thread, so that receiving
 * and writing one buffer overlap with hashing another.
 */
public final class HashingSink implements Closeable {
    private static final int BUFFERS = 4;
    private static final long OVERLAP_FROM_BYTES = 4L << 20;

    private final FileChannel channel;
    private final MessageDigest digest;
    private final BufferPool pool;
    private final Deque<Buffer> buffers = new ArrayDeque<>();
    private @Nullable ExecutorService hasher;
    private long written;

    /** Appends to {@code channel} at its position; {@code digest} has seen what is before it. */
    public HashingSink(FileChannel channel, MessageDigest digest, BufferPool pool) {
        this.channel = channel;
        this.digest = digest;
        this.pool = pool;
    }

    /** Bytes and the hashing of what they last held, if that still runs. */
    private static final class Buffer {
        private final byte[] bytes;
        private @Nullable Future<?> hashing;

        Buffer(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    /** A buffer to fill; the same one until {@link #write} is called. */
    public byte[] buffer() throws IOException {
        if (buffers.isEmpty() || (hasher != null && buffers.size() < BUFFERS)) {
            buffers.addFirst(new Buffer(pool.take()));
        }
        Buffer first = buffers.getFirst();
        await(first);
        return first.bytes;
    }

    /** Takes the first bytes of {@link #buffer()}. */
    public void write(int length) throws IOException {
        Buffer buffer = buffers.removeFirst();
        buffers.addLast(buffer);
        if (written < OVERLAP_FROM_BYTES) {
            digest.update(buffer.bytes, 0, length);
        } else {
            buffer.hashing = hasher().submit(() -> digest.update(buffer.bytes, 0, length));
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer.bytes, 0, length);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        written += length;
    }

    /** Waits until everything written is hashed too; the digest may then be read. */
    public void drain() throws IOException {
        for (Buffer buffer : buffers) {
            await(buffer);
        }
    }

    /** Stops the second thread and gives the buffers back. The channel stays open. */
    @Override
    public void close() {
        if (hasher != null) {
            hasher.shutdownNow();
        }
        for (Buffer buffer : buffers) {
            if (buffer.hashing == null) { // otherwise the second thread may still read it
                pool.give(buffer.bytes);
            }
        }
    }

    private ExecutorService hasher() {
        ExecutorService existing = hasher;
        if (existing != null) {
            return existing;
        }
        ExecutorService started = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "model-cache-transfer-hash");
            thread.setDaemon(true);
            return thread;
        });
        hasher = started;
        return started;
    }

    private static void await(Buffer buffer) throws IOException {
        Future<?> hashing = buffer.hashing;
        if (hashing == null) {
            return;
        }
        try {
            hashing.get();
            buffer.hashing = null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while hashing");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            throw new IOException("hashing failed", e.getCause());
        }
    }
}
