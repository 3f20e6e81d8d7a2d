package io.github.modelcache.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * Decompresses bzip2, also several streams one after the other, as pbzip2 writes them. The JDK has no decoder for it.
 *
 * @see <a href="https://github.com/dsnet/compress/blob/master/doc/bzip2-format.pdf">The format</a>
 */
public final class Bzip2Stream extends InputStream {

    private static final long BLOCK_MAGIC = 0x314159265359L;
    private static final long END_MAGIC = 0x177245385090L;
    private static final int GROUP = 50;
    private static final int[] CRC = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int crc = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
            }
            CRC[i] = crc;
        }
    }

    private final BitInput in;
    private int blockSize;
    private int streamCrc;
    private boolean done;

    // The block at hand, after the Burrows-Wheeler transform was reversed as far as a chain of positions.
    private int[] chain = new int[0];
    private int position;
    private int left;
    private int expectedCrc;
    private int crc;
    private int last;
    private int run;
    private int repeat;

    /**
     * Reads the header.
     *
     * @throws ZipException if it is no bzip2 stream
     */
    public Bzip2Stream(InputStream in) throws IOException {
        this.in = new BitInput(in);
        header(this.in.bits(8));
    }

    private void header(int first) throws IOException {
        if (first != 'B' || in.bits(8) != 'Z' || in.bits(8) != 'h') {
            throw new ZipException("a bzip2 stream does not begin with BZh");
        }
        int level = in.bits(8) - '0';
        if (level < 1 || level > 9) {
            throw new ZipException("the bzip2 stream has no block size");
        }
        blockSize = level * 100_000;
        streamCrc = 0;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = 0;
        while (count < length) {
            if (repeat > 0) {
                repeat--;
                buffer[offset + count++] = (byte) last;
                update(last);
            } else if (left > 0) {
                step(buffer, offset + count);
                count += run == 5 ? 0 : 1;
                run = run == 5 ? 0 : run;
            } else if (!nextBlock()) {
                return count == 0 ? -1 : count;
            }
        }
        return count;
    }

    /** The next byte of the block; after four equal ones it is a count of more of them, and {@code run} is then 5. */
    private void step(byte[] buffer, int at) {
        position = chain[position >>> 8];
        int value = position & 0xff;
        left--;
        if (run == 4) {
            repeat = value;
            run = 5;
            return;
        }
        run = value == last ? run + 1 : 1;
        last = value;
        buffer[at] = (byte) value;
        update(value);
    }

    private void update(int value) {
        crc = (crc << 8) ^ CRC[(crc >>> 24) ^ value];
    }

    /** Reads the next block, and checks the one before it. */
    private boolean nextBlock() throws IOException {
        if (done) {
            return false;
        }
        if (chain.length > 0) {
            requireCrc(~crc, expectedCrc);
            streamCrc = Integer.rotateLeft(streamCrc, 1) ^ ~crc;
            chain = new int[0];
        }
        long magic = ((long) in.bits(24) << 24) | in.bits(24);
        while (magic == END_MAGIC) {
            requireCrc(streamCrc, in.word());
            int next = in.nextByte();
            if (next < 0) {
                done = true;
                return false;
            }
            header(next);
            magic = ((long) in.bits(24) << 24) | in.bits(24);
        }
        if (magic != BLOCK_MAGIC) {
            throw new ZipException("a bzip2 block does not begin with its magic number");
        }
        block();
        return true;
    }

    private static void requireCrc(int actual, int expected) throws ZipException {
        if (actual != expected) {
            throw new ZipException("a bzip2 block has the CRC " + Integer.toHexString(actual) + ", announced is "
                    + Integer.toHexString(expected));
        }
    }

    private void block() throws IOException {
        expectedCrc = in.word();
        if (in.bits(1) != 0) {
            throw new ZipException("a bzip2 block is randomised, which is not supported");
        }
        int origin = in.bits(24);
        byte[] symbols = symbols();
        int tables = in.bits(3);
        int selectors = in.bits(15);
        if (tables < 2 || tables > 6 || selectors == 0) {
            throw new ZipException("a bzip2 block has no tables");
        }
        int[] order = new int[tables];
        for (int i = 0; i < tables; i++) {
            order[i] = i;
        }
        byte[] selector = new byte[selectors];
        for (int i = 0; i < selectors; i++) {
            int from = 0;
            while (in.bits(1) == 1) {
                if (++from >= tables) {
                    throw new ZipException("a bzip2 block names a table that it does not have");
                }
            }
            int table = order[from];
            System.arraycopy(order, 0, order, 1, from);
            order[0] = table;
            selector[i] = (byte) table;
        }
        HuffmanCode[] codes = new HuffmanCode[tables];
        for (int i = 0; i < tables; i++) {
            codes[i] = HuffmanCode.read(in, symbols.length + 2);
        }
        int[] block = new int[blockSize];
        int length = decode(symbols, selector, codes, block);
        reverse(block, length, origin);
    }

    /** The bytes that the block has. */
    private byte[] symbols() throws IOException {
        byte[] symbols = new byte[256];
        int count = 0;
        int used = in.bits(16);
        for (int i = 0; i < 16; i++) {
            int row = ((used << i) & 0x8000) == 0 ? 0 : in.bits(16);
            for (int j = 0; j < 16; j++) {
                if (((row << j) & 0x8000) != 0) {
                    symbols[count++] = (byte) (i * 16 + j);
                }
            }
        }
        if (count == 0) {
            throw new ZipException("a bzip2 block has no symbols");
        }
        return Arrays.copyOf(symbols, count);
    }

    private int decode(byte[] symbols, byte[] selector, HuffmanCode[] codes, int[] block) throws IOException {
        byte[] front = symbols.clone();
        int length = 0;
        long pending = 0;
        int weight = 0;
        for (int i = 0; ; i++) {
            if (i / GROUP >= selector.length) {
                throw new ZipException("a bzip2 block is longer than its tables");
            }
            int symbol = codes[selector[i / GROUP]].symbol(in);
            if (symbol <= 1) {
                if (weight > 20) {
                    throw new ZipException("a bzip2 block has a run that is too long");
                }
                pending += (long) (symbol + 1) << weight++;
                continue;
            }
            if (pending + length > blockSize) {
                throw new ZipException("a bzip2 block is larger than it may be");
            }
            for (; pending > 0; pending--) {
                block[length++] = front[0] & 0xff;
            }
            weight = 0;
            if (symbol == symbols.length + 1) {
                return length;
            }
            byte value = front[symbol - 1];
            System.arraycopy(front, 0, front, 1, symbol - 1);
            front[0] = value;
            if (length >= blockSize) {
                throw new ZipException("a bzip2 block is larger than it may be");
            }
            block[length++] = value & 0xff;
        }
    }

    private void reverse(int[] block, int length, int origin) throws ZipException {
        if (origin >= length) {
            throw new ZipException("a bzip2 block begins beyond its end");
        }
        int[] starts = new int[257];
        for (int i = 0; i < length; i++) {
            starts[block[i] + 1]++;
        }
        for (int i = 0; i < 256; i++) {
            starts[i + 1] += starts[i];
        }
        chain = new int[length];
        for (int i = 0; i < length; i++) {
            int value = block[i];
            chain[starts[value]++] |= i << 8;
            chain[i] |= value;
        }
        position = chain[origin];
        left = length;
        crc = -1;
        last = -1;
        run = 0;
        repeat = 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
