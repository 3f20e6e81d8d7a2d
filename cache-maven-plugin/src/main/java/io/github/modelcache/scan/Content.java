package io.github.modelcache.scan;

import io.github.modelcache.files.RandomBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that can be read again and again: a file, a part of one, or what a compressed part unpacks to. */
final class Content implements RandomBytes {
    private static final int BUFFER_BYTES = 8 << 10;

    private final RandomBytes bytes;
    private final long from;
    private final long size;

    private Content(RandomBytes bytes, long from, long size) {
        this.bytes = bytes;
        this.from = from;
        this.size = size;
    }

    static Content of(RandomBytes bytes) throws IOException {
        return new Content(bytes, 0, bytes.size());
    }

    static Content of(byte[] bytes) {
        RandomBytes memory = new RandomBytes() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public int read(ByteBuffer target, long position) {
                int count = (int) Math.min(target.remaining(), bytes.length - position);
                target.put(bytes, (int) position, count);
                return count;
            }
        };
        return new Content(memory, 0, bytes.length);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        if (position >= size) {
            return -1;
        }
        int limit = target.limit();
        target.limit(target.position() + (int) Math.min(target.remaining(), size - position));
        int read = bytes.read(target, from + position);
        target.limit(limit);
        return read;
    }

    /** A part of it; what lies behind its end is left out. */
    Content part(long start, long length) {
        long begin = Math.max(0, Math.min(start, size));
        return new Content(bytes, from + begin, Math.max(0, Math.min(length, size - begin)));
    }

    ByteReader reader(long start) {
        return reader(start, BUFFER_BYTES);
    }

    ByteReader reader(long start, int bufferBytes) {
        return new ByteReader(open(start), bufferBytes, start);
    }

    /** The first bytes; fewer where it is shorter. */
    byte[] head(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(count, size));
        while (bytes.hasRemaining() && read(bytes, bytes.position()) > 0) {
            // reads on
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** A stream that starts at this position. */
    InputStream open(long start) {
        return new InputStream() {
            private long at = start;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int read = length == 0 ? 0 : Content.this.read(ByteBuffer.wrap(target, offset, length), at);
                at += Math.max(0, read);
                return read;
            }

            /** A gzip stream asks for it to see whether another one follows. */
            @Override
            public int available() {
                return (int) Math.max(0, Math.min(size - at, Integer.MAX_VALUE));
            }

            @Override
            public long skip(long count) {
                long skipped = Math.max(0, Math.min(count, size - at));
                at += skipped;
                return skipped;
            }
        };
    }
}
