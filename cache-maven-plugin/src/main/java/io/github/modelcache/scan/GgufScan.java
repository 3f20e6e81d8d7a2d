package io.github.modelcache.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The header of a GGUF file: every length stays inside of the file, no product overflows, and its chat templates reach
 * for nothing that a template has no need of.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF</a>
 */
final class GgufScan {
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, -1, -1, 8, 8, 8};
    private static final int UINT32 = 4;

    /** How many elements a block of each type has, and how many bytes; nothing for types that are not in use. */
    private static final int[][] BLOCKS = {
        {1, 4},
        {1, 2},
        {32, 18},
        {32, 20},
        {},
        {},
        {32, 22},
        {32, 24},
        {32, 34},
        {}, // F32 to Q8_1
        {256, 84},
        {256, 110},
        {256, 144},
        {256, 176},
        {256, 210},
        {}, // Q2_K to Q8_K
        {256, 66},
        {256, 74},
        {256, 98},
        {256, 50},
        {32, 18},
        {256, 110},
        {256, 82},
        {256, 136}, // IQ2_XXS to IQ4_XS
        {1, 1},
        {1, 2},
        {1, 4},
        {1, 8},
        {1, 8},
        {256, 56},
        {1, 2} // I8 to BF16
    };

    private static final int MOST_DIMENSIONS = 8;
    private static final int LONGEST_TEMPLATE = 1 << 20;
    private static final int DEEPEST_ARRAY = 4;

    private final Content content;
    private final String where;
    private final Inspection inspection;
    private final ByteReader in;
    private int lengthBytes = 8;
    private long alignment = 32;
    private long tensorsEnd;

    GgufScan(Content content, String where, Inspection inspection) {
        this.content = content;
        this.where = where;
        this.inspection = inspection;
        this.in = content.reader(0);
    }

    void scan() throws IOException {
        in.skip(4);
        long version = in.le(4);
        if (version < 1 || version > 0xffff) {
            throw new DamagedException("its version " + version + " is not known, or it is for another byte order");
        }
        lengthBytes = version == 1 ? 4 : 8;
        long tensors = count(1);
        long values = count(1);
        for (long i = 0; i < values; i++) {
            String key = string();
            int type = (int) in.le(4);
            if (key.equals("general.alignment")) {
                alignment(type);
                continue;
            }
            boolean template = key.contains("chat_template");
            if (template && type == STRING) {
                long length = length();
                if (length > LONGEST_TEMPLATE) {
                    throw new DamagedException("its chat template has " + length + " bytes");
                }
                String text = new String(in.bytes((int) length), StandardCharsets.UTF_8);
                TemplateRules.problem(text)
                        .ifPresent(problem -> inspection.unsafe(where, "its chat template " + problem));
            } else {
                skip(type, 0);
            }
        }
        for (long i = 0; i < tensors; i++) {
            tensor();
        }
        long start = (in.position() + alignment - 1) / alignment * alignment;
        if (tensorsEnd > 0 && tensorsEnd > content.size() - start) {
            throw new DamagedException("its tensors end outside of the file");
        }
    }

    private void alignment(int type) throws IOException {
        alignment = type == UINT32 ? in.le(4) : 0;
        if (Long.bitCount(alignment) != 1) {
            throw new DamagedException("its alignment is no power of two");
        }
    }

    private void tensor() throws IOException {
        String name = string();
        long dimensions = in.le(4);
        if (dimensions > MOST_DIMENSIONS) {
            throw new DamagedException("the tensor '" + name + "' has " + dimensions + " dimensions");
        }
        long elements = 1;
        for (long i = 0; i < dimensions; i++) {
            long side = in.le(lengthBytes);
            if (side <= 0 || elements > Long.MAX_VALUE / 8 / side) {
                throw new DamagedException("the tensor '" + name + "' has a shape that is out of range");
            }
            elements *= side;
        }
        long bytes = bytes(in.le(4), elements);
        long offset = in.le(8);
        if (offset < 0 || offset > content.size() || bytes > content.size() - offset) {
            throw new DamagedException("the tensor '" + name + "' lies outside of the file");
        }
        tensorsEnd = Math.max(tensorsEnd, offset + bytes);
    }

    /** At least so many: no type needs less than one bit for an element. */
    private static long bytes(long type, long elements) {
        int[] block = type < BLOCKS.length ? BLOCKS[(int) type] : new int[] {};
        return block.length == 0 ? elements / 8 : elements / block[0] * block[1];
    }

    private void skip(int type, int depth) throws IOException {
        if (type == STRING) {
            in.skip(length());
        } else if (type == ARRAY) {
            if (depth == DEEPEST_ARRAY) {
                throw new DamagedException("its arrays lie in each other too deep");
            }
            int element = (int) in.le(4);
            if (element >= 0 && element < SIZES.length && SIZES[element] > 0) {
                in.skip(count(SIZES[element]) * SIZES[element]);
            } else {
                long items = count(1);
                for (long i = 0; i < items; i++) {
                    skip(element, depth + 1);
                }
            }
        } else if (type >= 0 && type < SIZES.length) {
            in.skip(SIZES[type]);
        } else {
            throw new DamagedException("it has a value of the unknown type " + type);
        }
        if (in.position() > content.size()) {
            throw new DamagedException("it ends early");
        }
    }

    private String string() throws IOException {
        long length = length();
        if (length > LONGEST_TEMPLATE) {
            throw new DamagedException("it has a name of " + length + " bytes");
        }
        return new String(in.bytes((int) length), StandardCharsets.UTF_8);
    }

    private long length() throws IOException {
        return count(1);
    }

    /** A number of things of so many bytes, all of which lie in the file. */
    private long count(int bytes) throws IOException {
        long count = in.le(lengthBytes);
        if (count < 0 || count > (content.size() - in.position()) / bytes) {
            throw new DamagedException("it announces " + Long.toUnsignedString(count) + " things, more than it holds");
        }
        return count;
    }
}
