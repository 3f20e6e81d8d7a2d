package io.github.modelcache.scan;

import io.github.modelcache.scan.Hdf5Bytes.Cursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A B-tree of version 2. */
final class Hdf5Tree {
    private static final int DEEPEST = 16;
    private static final int OVERHEAD = 10;
    private static final int LARGEST_NODE = 1 << 24;
    private static final int MOST_NODES = 100_000;

    private final Hdf5Bytes bytes;
    private int nodes;

    /** Takes the records. */
    interface Records {
        void record(int type, Cursor record) throws IOException;
    }

    /** What the nodes at each height can hold, which decides how their numbers are written. */
    private record Shape(int type, int nodeBytes, int recordBytes, int countBytes, List<Integer> totalBytes) {}

    Hdf5Tree(Hdf5Bytes bytes) {
        this.bytes = bytes;
    }

    void each(long address, Records records) throws IOException {
        int headBytes = 16 + bytes.addressBytes() + 2;
        Cursor in = bytes.cursor(address, headBytes);
        Hdf5Bytes.require(in.version("BTHD") == 0, "the version of a tree");
        int type = in.u8();
        long nodeBytes = in.number(4);
        int recordBytes = in.u16();
        int depth = in.u16();
        in.skip(2);
        long root = in.address();
        int count = in.u16();
        Hdf5Bytes.require(
                depth < DEEPEST && recordBytes > 0 && nodeBytes > OVERHEAD + recordBytes && nodeBytes < LARGEST_NODE,
                "the sizes of a tree");
        if (root >= 0 && count > 0) {
            node(shape(type, (int) nodeBytes, recordBytes, depth), root, count, depth, records);
        }
    }

    private Shape shape(int type, int nodeBytes, int recordBytes, int depth) {
        long room = (long) nodeBytes - OVERHEAD;
        long most = room / recordBytes;
        int countBytes = encodedBytes(most);
        List<Integer> totalBytes = new ArrayList<>(List.of(0));
        long total = most;
        for (int i = 1; i <= depth; i++) {
            int pointer = bytes.addressBytes() + countBytes + totalBytes.get(i - 1);
            long here = Math.max(0, (room - pointer) / (recordBytes + pointer));
            total = Math.min(Long.MAX_VALUE >> 32, (here + 1) * total + here);
            totalBytes.add(encodedBytes(total));
        }
        return new Shape(type, nodeBytes, recordBytes, countBytes, totalBytes);
    }

    private static int encodedBytes(long value) {
        return value <= 0 ? 1 : (63 - Long.numberOfLeadingZeros(value)) / 8 + 1;
    }

    private void node(Shape shape, long address, long count, int depth, Records records) throws IOException {
        Hdf5Bytes.require(++nodes < MOST_NODES && count < shape.nodeBytes(), "a tree");
        Cursor in = bytes.cursor(address, shape.nodeBytes());
        in.version(depth == 0 ? "BTLF" : "BTIN");
        Hdf5Bytes.require(in.u8() == shape.type(), "the type of a tree");
        for (long i = 0; i < count; i++) {
            records.record(shape.type(), bytes.cursor(in.bytes(shape.recordBytes())));
        }
        for (long i = 0; depth > 0 && i <= count; i++) {
            long child = in.address();
            long childCount = in.number(shape.countBytes());
            in.skip(shape.totalBytes().get(depth - 1));
            node(shape, child, childCount, depth - 1, records);
        }
    }
}
