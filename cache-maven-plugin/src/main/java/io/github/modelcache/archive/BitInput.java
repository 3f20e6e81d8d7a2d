package io.github.modelcache.archive;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads a bzip2 stream bit by bit, the highest bit of a byte first. */
final class BitInput implements Closeable {

    private final InputStream in;
    private long bits;
    private int held;

    BitInput(InputStream in) {
        this.in = new BufferedInputStream(in, 64 * 1024);
    }

    /**
     * The next bits as a number.
     *
     * @param count 1 to 24
     * @throws EOFException at the end of the stream
     */
    int bits(int count) throws IOException {
        while (held < count) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the bzip2 stream is truncated");
            }
            bits = (bits << 8) | next;
            held += 8;
        }
        held -= count;
        return (int) ((bits >>> held) & ((1L << count) - 1));
    }

    /** The next 32 bits. */
    int word() throws IOException {
        return (bits(16) << 16) | bits(16);
    }

    /** The next whole byte, after the bits up to its start are skipped; -1 at the end of the stream. */
    int nextByte() throws IOException {
        held -= held % 8;
        return held > 0 ? bits(8) : in.read();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
