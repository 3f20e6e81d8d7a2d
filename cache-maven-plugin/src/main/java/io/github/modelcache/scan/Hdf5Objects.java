package io.github.modelcache.scan;

import io.github.modelcache.scan.Hdf5Bytes.Cursor;
import io.github.modelcache.scan.Hdf5Bytes.Structure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Follows the objects of an HDF5 file, such as a Keras model, from the root group to the last data set: the texts of their
 * attributes are judged, and what would read another file is unsafe. Numbers are not read.
 *
 * @see <a href="https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html">HDF5 file format, version 3</a>
 */
final class Hdf5Objects {
    private static final int SHARED = 2;
    private static final int VIRTUAL = 3;
    private static final int HARD = 0;
    private static final int SOFT = 1;

    private static final int DATASPACE = 1;
    private static final int LINK_INFO = 2;
    private static final int DATATYPE = 3;
    private static final int OLD_FILL = 4;
    private static final int FILL = 5;
    private static final int LINK = 6;
    private static final int EXTERNAL_FILES = 7;
    private static final int LAYOUT = 8;
    private static final int FILTERS = 11;
    private static final int ATTRIBUTE = 12;
    private static final int SHARED_TABLE = 15;
    private static final int CONTINUATION = 16;
    private static final int SYMBOL_TABLE = 17;
    private static final int DRIVER = 20;
    private static final int ATTRIBUTE_INFO = 21;

    private final Hdf5Bytes bytes;
    private final Hdf5Attributes attributes;
    private final String where;
    private final Inspection inspection;
    private final Deque<Long> objects = new ArrayDeque<>();
    private final Deque<Block> blocks = new ArrayDeque<>();

    /** A block of messages of an object. */
    private record Block(long address, long length, int version, boolean ordered) {}

    Hdf5Objects(Hdf5Bytes bytes, String where, Inspection inspection) {
        this.bytes = bytes;
        this.attributes = new Hdf5Attributes(bytes, where, inspection);
        this.where = where;
        this.inspection = inspection;
    }

    /** Follows an object and all that its links lead to. */
    void follow(long root) throws IOException {
        add(root);
        follow();
    }

    /** Follows what was found so far. */
    void follow() throws IOException {
        while (!objects.isEmpty()) {
            header(objects.pop());
            while (!blocks.isEmpty()) {
                messages(blocks.pop());
            }
        }
    }

    private void add(long object) throws IOException {
        if (bytes.isNew(Structure.OBJECT, object)) {
            objects.push(object);
        }
    }

    private void header(long address) throws IOException {
        Cursor start = bytes.upTo(address, 64);
        int first = start.u8();
        if (first == 1) {
            long length = start.skip(7).number(4);
            blocks.push(new Block(address + 16, length, 1, false));
            return;
        }
        start = bytes.upTo(address, 64);
        Hdf5Bytes.require(start.version("OHDR") == 2, "the version of an object");
        int flags = start.u8();
        start.skip(((flags & 0x20) == 0 ? 0 : 16) + ((flags & 0x10) == 0 ? 0 : 4));
        long length = start.number(1 << (flags & 3));
        blocks.push(new Block(start.position(), length, 2, (flags & 4) != 0));
    }

    private void messages(Block block) throws IOException {
        if (!bytes.isNew(Structure.MESSAGES, block.address())) {
            return;
        }
        Cursor in = bytes.cursor(block.address(), block.length());
        int headerBytes = block.version() == 1 ? 8 : block.ordered() ? 6 : 4;
        while (in.left() >= headerBytes) {
            int type = block.version() == 1 ? in.u16() : in.u8();
            int length = in.u16();
            int flags = in.u8();
            in.skip(block.version() == 1 ? 3 : block.ordered() ? 2 : 0);
            message(type, flags, in.position(), bytes.cursor(in.bytes(length)), block);
        }
    }

    private void message(int type, int flags, long position, Cursor in, Block block) throws IOException {
        boolean plain = type == DATASPACE || type == DATATYPE || type == OLD_FILL || type == FILL || type == FILTERS;
        Hdf5Bytes.require(plain || (flags & SHARED) == 0, "a message that is shared");
        switch (type) {
            case LINK_INFO -> linkInfo(in);
            case LINK -> link(in);
            case EXTERNAL_FILES -> inspection.unsafe(where, "it reads numbers from other files");
            case LAYOUT -> layout(in);
            case ATTRIBUTE -> attributes.attribute(in, position);
            case ATTRIBUTE_INFO -> attributes.dense(in);
            case SHARED_TABLE -> throw new DamagedException("its shared messages cannot be followed");
            case DRIVER -> throw new DamagedException("it is one of several files");
            case CONTINUATION -> continuation(in, block);
            case SYMBOL_TABLE -> symbolTable(in.address());
            default -> {} // sizes, times, comments
        }
    }

    private void continuation(Cursor in, Block block) throws IOException {
        long address = in.address();
        long length = in.length();
        if (block.version() == 1) {
            blocks.push(new Block(address, length, 1, false));
        } else {
            bytes.upTo(address, 5).version("OCHK");
            blocks.push(new Block(address + 4, length - 8, 2, block.ordered()));
        }
    }

    private void layout(Cursor in) throws IOException {
        int version = in.u8();
        int kind = version < 3 ? in.skip(1).u8() : in.u8();
        if (kind == VIRTUAL) {
            inspection.unsafe(where, "it has a data set that reads other files");
        }
    }

    private void linkInfo(Cursor in) throws IOException {
        int flags = in.skip(1).u8();
        in.skip((flags & 1) == 0 ? 0 : 8);
        long heap = in.address();
        if (heap < 0) {
            return;
        }
        Hdf5Heap links = new Hdf5Heap(bytes, heap);
        links.each(in.address(), (message, position) -> link(message));
        if ((flags & 2) != 0) {
            links.each(in.address(), (message, position) -> link(message));
        }
    }

    private void link(Cursor in) throws IOException {
        Hdf5Bytes.require(in.u8() == 1, "the version of a link");
        int flags = in.u8();
        int type = (flags & 8) == 0 ? HARD : in.u8();
        in.skip(((flags & 4) == 0 ? 0 : 8) + ((flags & 0x10) == 0 ? 0 : 1));
        long length = in.number(1 << (flags & 3));
        Hdf5Bytes.require(length >= 0 && length <= in.left(), "the name of a link");
        String name = new String(in.bytes((int) length), StandardCharsets.UTF_8);
        if (type == HARD) {
            add(in.address());
        } else if (type != SOFT) {
            inspection.unsafe(where, "its link '" + name + "' leads to another file");
        }
    }

    /** A group of the older kind: a tree of symbols. */
    void symbolTable(long tree) throws IOException {
        Deque<Long> nodes = new ArrayDeque<>();
        nodes.push(tree);
        while (!nodes.isEmpty()) {
            long node = nodes.pop();
            if (!bytes.isNew(Structure.TREE, node)) {
                continue;
            }
            Cursor in = bytes.upTo(node, 8 + 2 * bytes.addressBytes());
            Hdf5Bytes.require(in.version("TREE") == 0, "the kind of a tree");
            int level = in.u8();
            int entries = in.u16();
            int entryBytes = bytes.lengthBytes() + bytes.addressBytes();
            in = bytes.cursor(node + 8 + 2L * bytes.addressBytes(), (long) entries * entryBytes);
            for (int i = 0; i < entries; i++) {
                long child = in.skip(bytes.lengthBytes()).address();
                if (level > 0) {
                    nodes.push(child);
                } else {
                    symbols(child);
                }
            }
        }
    }

    private void symbols(long address) throws IOException {
        if (!bytes.isNew(Structure.SYMBOLS, address)) {
            return;
        }
        Cursor in = bytes.upTo(address, 8);
        in.version("SNOD");
        int count = in.skip(1).u16();
        in = bytes.cursor(address + 8, (long) count * (2 * bytes.addressBytes() + 24));
        for (int i = 0; i < count; i++) {
            symbol(in);
        }
    }

    /** An entry of a group, or the root's. */
    void symbol(Cursor in) throws IOException {
        long object = in.skip(bytes.addressBytes()).address();
        int kind = (int) in.number(4);
        Cursor cached = bytes.cursor(in.skip(4).bytes(16));
        if (object >= 0) {
            add(object);
        } else {
            Hdf5Bytes.require(kind == 2, "an entry without an object"); // 2: a link within the file
        }
        if (kind == 1) {
            symbolTable(cached.address());
        }
    }
}
