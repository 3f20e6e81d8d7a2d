package io.github.modelcache.scan;

import io.github.modelcache.scan.Hdf5Bytes.Cursor;
import java.io.IOException;
import java.util.Arrays;

/** A fractal heap: where large groups keep their links, and objects with many attributes keep those. */
final class Hdf5Heap {
    private static final int MANAGED = 0;
    private static final int HUGE = 1;
    private static final int TINY = 2;
    private static final long LARGEST_BLOCK = 1L << 31;
    private static final int DEEPEST = 32;

    private final Hdf5Bytes bytes;
    private final long hugeTree;
    private final int width;
    private final long startBytes;
    private final long largestDirect;
    private final int offsetBytes;
    private final int lengthBytes;
    private final long root;
    private final int rows;

    /** Takes the messages that a heap holds, and where each is in the file. */
    interface Messages {
        void message(Cursor message, long position) throws IOException;
    }

    Hdf5Heap(Hdf5Bytes bytes, long address) throws IOException {
        this.bytes = bytes;
        Cursor in = bytes.upTo(address, 200);
        Hdf5Bytes.require(in.version("FRHP") == 0, "the version of a heap");
        in.skip(2);
        Hdf5Bytes.require(in.u16() == 0, "a heap that is compressed");
        in.skip(1);
        long largestManaged = in.number(4);
        in.skip(bytes.lengthBytes());
        this.hugeTree = in.address();
        in.skip(9L * bytes.lengthBytes() + bytes.addressBytes());
        this.width = in.u16();
        this.startBytes = in.length();
        this.largestDirect = in.length();
        int bits = in.u16();
        boolean sizes = Integer.bitCount(width) == 1
                && Long.bitCount(startBytes) == 1
                && Long.bitCount(largestDirect) == 1
                && startBytes <= largestDirect
                && largestDirect <= LARGEST_BLOCK
                && bits <= 56;
        Hdf5Bytes.require(sizes, "the sizes of a heap");
        in.skip(2);
        this.root = in.address();
        this.rows = in.u16();
        this.offsetBytes = (bits + 7) / 8;
        this.lengthBytes = Math.min((log2(largestDirect) + 7) / 8, encodedBytes(largestManaged));
    }

    private static int log2(long value) {
        return 63 - Long.numberOfLeadingZeros(value);
    }

    private static int encodedBytes(long value) {
        return value <= 0 ? 1 : log2(value) / 8 + 1;
    }

    /** Hands over each message that a tree names. */
    void each(long tree, Messages messages) throws IOException {
        new Hdf5Tree(bytes).each(tree, (type, record) -> {
            switch (type) {
                case 5 -> message(record.skip(4).bytes(7), messages);
                case 6 -> message(record.skip(8).bytes(7), messages);
                case 8, 9 -> message(record.bytes(8), messages);
                default -> throw new DamagedException("a tree of the type " + type + " cannot be followed");
            }
        });
    }

    private void message(byte[] id, Messages messages) throws IOException {
        Cursor in = bytes.cursor(id);
        int first = in.u8();
        switch ((first >> 4) & 3) {
            case MANAGED -> {
                long offset = in.number(offsetBytes);
                long length = in.number(lengthBytes);
                message(managed(offset), length, messages);
            }
            case HUGE -> huge(in.number(Math.min(in.left(), bytes.lengthBytes())), messages);
            case TINY -> messages.message(bytes.cursor(Arrays.copyOfRange(id, 1, id.length)), 0);
            default -> throw new DamagedException("an entry of a heap cannot be followed");
        }
    }

    private void message(long address, long length, Messages messages) throws IOException {
        messages.message(bytes.cursor(address, length), address);
    }

    /** Larger than a block: an entry of a tree of its own, by number. */
    private void huge(long number, Messages messages) throws IOException {
        new Hdf5Tree(bytes).each(hugeTree, (type, record) -> {
            Hdf5Bytes.require(type == 1, "a large entry that is compressed");
            long address = record.address();
            long length = record.length();
            if (record.length() == number) {
                message(address, length, messages);
            }
        });
    }

    /** The address of what is at this offset in the heap. */
    private long managed(long target) throws IOException {
        long block = root;
        long offset = target;
        int rowsHere = rows;
        int directRows = log2(largestDirect) - log2(startBytes) + 2;
        for (int depth = 0; rowsHere > 0; depth++) {
            Hdf5Bytes.require(depth < DEEPEST && offset >= 0, "a heap");
            long firstRow = width * startBytes;
            int row = offset < firstRow ? 0 : log2(offset / firstRow) + 1;
            Hdf5Bytes.require(row < rowsHere, "an entry of a heap");
            long size = row == 0 ? startBytes : startBytes << (row - 1);
            offset -= row == 0 ? 0 : firstRow << (row - 1);
            long entry = row * (long) width + offset / size;
            bytes.upTo(block, 5).version("FHIB");
            block = bytes.cursor(
                            block + 5 + bytes.addressBytes() + offsetBytes + entry * bytes.addressBytes(),
                            bytes.addressBytes())
                    .address();
            offset %= size;
            rowsHere = row < directRows ? 0 : log2(size) - log2(firstRow) + 1;
        }
        bytes.upTo(block, 5).version("FHDB");
        return block + offset;
    }
}
