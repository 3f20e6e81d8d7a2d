package io.github.modelcache.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Unpacks bzip2, with one block in memory: 900,000 bytes and four for each of them. Checksums are not compared; what
 * Python would unpack before it compares them is looked at.
 *
 * @see <a href="https://github.com/dsnet/compress/blob/master/doc/bzip2-format.pdf">BZIP2: Format Specification</a>
 */
final class Bzip2Stream extends InputStream {
    private static final long BLOCK = 0x314159265359L;
    private static final long END = 0x177245385090L;
    private static final int GROUP = 50;
    private static final int MOST_LENGTH = 20;

    private final ByteReader in;
    private int blockBytes;
    private int bits;
    private int bitCount;
    private int[] next = new int[0];
    private int left;
    private int position;
    private int run;
    private int last = -1;
    private int repeat;
    private boolean ended;

    Bzip2Stream(InputStream in) throws IOException {
        this.in = new ByteReader(in, 8 << 10, 0);
        start();
    }

    private boolean start() throws IOException {
        byte[] head = in.peek(4);
        if (head.length < 4 || !Format.starts(head, "BZh") || head[3] < '1' || head[3] > '9') {
            return false;
        }
        in.skip(4);
        blockBytes = (head[3] - '0') * 100_000;
        return true;
    }

    @Override
    public int read() throws IOException {
        while (true) {
            if (repeat > 0) {
                repeat--;
                return last;
            }
            if (ended) {
                return -1;
            }
            if (left == 0) {
                block();
                continue;
            }
            int symbol = nextByte();
            if (run == 4) {
                repeat = symbol; // after four alike comes the number of more of them
                run = 0;
                continue;
            }
            run = symbol == last ? run + 1 : 1;
            last = symbol;
            return symbol;
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = 0;
        for (int c; count < length && (c = read()) >= 0; count++) {
            target[offset + count] = (byte) c;
        }
        return count == 0 && length > 0 ? -1 : count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private int nextByte() {
        position = next[position];
        left--;
        int symbol = position & 0xff;
        position >>>= 8;
        return symbol;
    }

    private void block() throws IOException {
        long mark = (long) bits(24) << 24 | bits(24);
        bits(16);
        bits(16);
        if (mark == END) {
            bitCount = 0;
            ended = !start(); // streams may follow each other
            return;
        }
        if (mark != BLOCK || bits(1) != 0) {
            throw new DamagedException("a block is damaged");
        }
        int origin = bits(24);
        byte[] symbols = symbols();
        int trees = bits(3);
        int selectorCount = bits(15);
        byte[] selectors = selectors(trees, selectorCount);
        int[][] codes = new int[trees][];
        for (int i = 0; i < trees; i++) {
            codes[i] = lengths(symbols.length + 2);
        }
        decode(symbols, selectors, codes);
        if (origin >= left) {
            throw new DamagedException("a block is damaged");
        }
        position = next[origin] >>> 8;
        run = 0;
        last = -1;
    }

    private byte[] symbols() throws IOException {
        int groups = bits(16);
        byte[] used = new byte[256];
        int count = 0;
        for (int group = 0; group < 16; group++) {
            if ((groups & (0x8000 >> group)) != 0) {
                int members = bits(16);
                for (int i = 0; i < 16; i++) {
                    if ((members & (0x8000 >> i)) != 0) {
                        used[count++] = (byte) (group * 16 + i);
                    }
                }
            }
        }
        require(count > 0);
        return Arrays.copyOf(used, count);
    }

    private byte[] selectors(int trees, int count) throws IOException {
        require(trees >= 2 && trees <= 6 && count > 0);
        byte[] order = {0, 1, 2, 3, 4, 5};
        byte[] selectors = new byte[count];
        for (int i = 0; i < count; i++) {
            int at = 0;
            while (bits(1) == 1) {
                require(++at < trees);
            }
            selectors[i] = toFront(order, at);
        }
        return selectors;
    }

    private static byte toFront(byte[] order, int at) {
        byte moved = order[at];
        System.arraycopy(order, 0, order, 1, at);
        order[0] = moved;
        return moved;
    }

    /** The lengths of the codes of all symbols. */
    private int[] lengths(int count) throws IOException {
        int[] lengths = new int[count];
        int length = bits(5);
        for (int i = 0; i < count; i++) {
            while (bits(1) == 1) {
                length += bits(1) == 0 ? 1 : -1;
            }
            require(length >= 1 && length <= MOST_LENGTH);
            lengths[i] = length;
        }
        return lengths;
    }

    /** Symbols by their codes: how many there are of each length, and all of them by length. */
    private static final class Tree {
        private final int[] counts;
        private final int[] sorted;

        private Tree(int[] counts, int[] sorted) {
            this.counts = counts;
            this.sorted = sorted;
        }

        static Tree of(int[] lengths) {
            int[] counts = new int[MOST_LENGTH + 1];
            int[] sorted = new int[lengths.length];
            int at = 0;
            for (int length = 1; length <= MOST_LENGTH; length++) {
                for (int symbol = 0; symbol < lengths.length; symbol++) {
                    if (lengths[symbol] == length) {
                        sorted[at++] = symbol;
                        counts[length]++;
                    }
                }
            }
            return new Tree(counts, sorted);
        }
    }

    private int symbol(Tree tree) throws IOException {
        int code = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length <= MOST_LENGTH; length++) {
            code |= bits(1);
            int count = tree.counts[length];
            if (code - first < count) {
                return tree.sorted[index + code - first];
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        throw new DamagedException("a block is damaged");
    }

    private void decode(byte[] symbols, byte[] selectors, int[][] lengths) throws IOException {
        Tree[] trees = new Tree[lengths.length];
        for (int i = 0; i < trees.length; i++) {
            trees[i] = Tree.of(lengths[i]);
        }
        int end = symbols.length + 1;
        int[] counts = new int[256];
        int[] block = next.length == blockBytes ? next : new int[blockBytes];
        int size = 0;
        int group = 0;
        int inGroup = 0;
        long zeros = 0;
        long weight = 1;
        while (true) {
            if (inGroup == 0) {
                require(group < selectors.length);
                inGroup = GROUP;
                group++;
            }
            inGroup--;
            int symbol = symbol(trees[selectors[group - 1]]);
            if (symbol <= 1) {
                zeros += weight << symbol;
                weight <<= 1;
                require(zeros <= blockBytes);
                continue;
            }
            if (zeros > 0) {
                int value = symbols[0] & 0xff;
                require(size + zeros <= blockBytes);
                counts[value] += (int) zeros;
                Arrays.fill(block, size, size + (int) zeros, value);
                size += (int) zeros;
                zeros = 0;
                weight = 1;
            }
            if (symbol == end) {
                break;
            }
            require(size < blockBytes);
            int value = toFront(symbols, symbol - 1) & 0xff;
            counts[value]++;
            block[size++] = value;
        }
        link(block, counts, size);
    }

    /** Turns the transformed block into links from each byte to the next one; the byte is in the low 8 bits. */
    private void link(int[] block, int[] counts, int size) {
        int sum = 0;
        for (int i = 0; i < counts.length; i++) {
            int count = counts[i];
            counts[i] = sum;
            sum += count;
        }
        for (int i = 0; i < size; i++) {
            block[counts[block[i] & 0xff]++] |= i << 8;
        }
        next = block;
        left = size;
    }

    private int bits(int count) throws IOException {
        int value = 0;
        for (int need = count; need > 0; ) {
            if (bitCount == 0) {
                bits = in.u8();
                bitCount = 8;
            }
            int part = Math.min(need, bitCount);
            value = (value << part) | ((bits >>> (bitCount - part)) & ((1 << part) - 1));
            bitCount -= part;
            need -= part;
        }
        return value;
    }

    private static void require(boolean condition) throws DamagedException {
        if (!condition) {
            throw new DamagedException("a block is damaged");
        }
    }
}
