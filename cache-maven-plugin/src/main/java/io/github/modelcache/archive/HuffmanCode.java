package io.github.modelcache.archive;

import java.io.IOException;
import java.util.zip.ZipException;

/** A canonical Huffman code of bzip2: the first code of each length, and the symbols in the order of their codes. */
final class HuffmanCode {

    private static final int LONGEST = 20;

    private final int[] limit = new int[LONGEST + 1];
    private final int[] base = new int[LONGEST + 1];
    private final int[] symbols;

    private HuffmanCode(int[] lengths) {
        symbols = new int[lengths.length];
        int code = 0;
        int index = 0;
        for (int length = 1; length <= LONGEST; length++) {
            base[length] = index - code;
            for (int i = 0; i < lengths.length; i++) {
                if (lengths[i] == length) {
                    symbols[index++] = i;
                    code++;
                }
            }
            limit[length] = code;
            code <<= 1;
        }
    }

    /**
     * Reads a code.
     *
     * @param size the number of symbols
     */
    static HuffmanCode read(BitInput in, int size) throws IOException {
        int[] lengths = new int[size];
        int length = in.bits(5);
        for (int i = 0; i < size; i++) {
            while (in.bits(1) == 1) {
                length += in.bits(1) == 0 ? 1 : -1;
                if (length < 1 || length > LONGEST) {
                    break;
                }
            }
            if (length < 1 || length > LONGEST) {
                throw new ZipException("a bzip2 block has a code of " + length + " bits");
            }
            lengths[i] = length;
        }
        return new HuffmanCode(lengths);
    }

    /** Reads a symbol. */
    int symbol(BitInput in) throws IOException {
        int code = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code = (code << 1) | in.bits(1);
            if (code < limit[length]) {
                int index = base[length] + code;
                if (index >= 0 && index < symbols.length) {
                    return symbols[index];
                }
            }
        }
        throw new ZipException("a bzip2 block has a code that it does not define");
    }
}
