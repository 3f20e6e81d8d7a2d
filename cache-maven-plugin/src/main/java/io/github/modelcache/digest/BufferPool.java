package io.github.modelcache.digest;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Buffers that transfers hand on to one another; as many as ever were in use at once. */
public final class BufferPool {
    /** Large enough that system calls cost little, small enough to stay in a core's cache while it is hashed. */
    public static final int BUFFER_BYTES = 256 * 1024;

    private final int bytes;
    private final Queue<byte[]> free = new ConcurrentLinkedQueue<>();

    /** Buffers of {@link #BUFFER_BYTES}. */
    public BufferPool() {
        this(BUFFER_BYTES);
    }

    /** Buffers of another length, for files that are not longer. */
    public BufferPool(int bytes) {
        this.bytes = bytes;
    }

    /** A buffer with any content. */
    public byte[] take() {
        byte[] buffer = free.poll();
        return buffer == null ? new byte[bytes] : buffer;
    }

    /** Gives back a buffer that nobody reads or writes any more. */
    public void give(byte[] buffer) {
        free.add(buffer);
    }
}
