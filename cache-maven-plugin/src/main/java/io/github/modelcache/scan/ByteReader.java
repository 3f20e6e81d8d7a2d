package io.github.modelcache.scan;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads a stream from its start to its end, with a position and a little foresight. */
final class ByteReader implements Closeable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final InputStream in;
    private final byte[] buffer;
    private long start;
    private int next;
    private int end;

    ByteReader(InputStream in) {
        this(in, BUFFER_BYTES, 0);
    }

    /** With a smaller buffer, for a look at a few bytes, and a position to count from. */
    ByteReader(InputStream in, int bufferBytes, long position) {
        this.in = in;
        this.buffer = new byte[bufferBytes];
        this.start = position;
    }

    /** How many bytes were read so far, and those before the first. */
    long position() {
        return start + next;
    }

    /** The next byte, or -1 at the end. */
    int read() throws IOException {
        return next < end || fill(1) ? buffer[next++] & 0xff : -1;
    }

    int u8() throws IOException {
        if (next < end || fill(1)) {
            return buffer[next++] & 0xff;
        }
        throw new EOFException("the content ends early");
    }

    /** A number of up to 8 bytes, the lowest first. */
    long le(int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) u8() << (8 * i);
        }
        return value;
    }

    byte[] bytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        int done = 0;
        while (done < count) {
            if (next == end && !fill(1)) {
                throw new EOFException("the content ends early");
            }
            int part = Math.min(count - done, end - next);
            System.arraycopy(buffer, next, bytes, done, part);
            next += part;
            done += part;
        }
        return bytes;
    }

    /** Skips exactly so many bytes. */
    void skip(long count) throws IOException {
        if (count < 0) {
            throw new EOFException("a length is negative");
        }
        long left = count - Math.min(count, end - next);
        next += (int) Math.min(count, end - next);
        while (left > 0) {
            start += next;
            next = 0;
            end = 0;
            long skipped = in.skip(left);
            start += skipped;
            left -= skipped;
            if (skipped == 0) {
                u8();
                left--;
                long part = Math.min(left, end - next);
                next += (int) part;
                left -= part;
            }
        }
    }

    /** The next bytes without reading them; fewer than asked for at the end of the content. */
    byte[] peek(int count) throws IOException {
        while (end - next < count && fill(count)) {
            // reads on
        }
        return Arrays.copyOfRange(buffer, next, next + Math.min(count, end - next));
    }

    /** Whether the next two bytes are these. */
    boolean isNext(int first, int second) throws IOException {
        while (end - next < 2 && fill(2)) {
            // reads on
        }
        return end - next >= 2 && buffer[next] == first && buffer[next + 1] == second;
    }

    /**
     * The bytes up to the next line feed, which is read too.
     *
     * @throws EOFException if there is none within so many bytes
     */
    byte[] line(int most) throws IOException {
        byte[] line = new byte[64];
        for (int length = 0; length < most; length++) {
            int c = u8();
            if (c == '\n') {
                return Arrays.copyOf(line, length);
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, length * 2);
            }
            line[length] = (byte) c;
        }
        throw new EOFException("a line is too long");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Gets more bytes; false at the end of the content, or if the buffer holds {@code wanted} already. */
    private boolean fill(int wanted) throws IOException {
        if (end - next >= wanted) {
            return false;
        }
        if (next > 0) {
            System.arraycopy(buffer, next, buffer, 0, end - next);
            start += next;
            end -= next;
            next = 0;
        }
        int read = end == buffer.length ? -1 : in.read(buffer, end, buffer.length - end);
        end += Math.max(read, 0);
        return read > 0;
    }
}
