package io.github.modelcache.scan;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The bytes of an HDF5 file: numbers at addresses, with a limit on how many structures are followed. */
final class Hdf5Bytes {
    private static final int MOST_STRUCTURES = 300_000;
    private static final long FREE_BYTES = 64L << 20;
    private static final int MOST_RATIO = 8;
    private static final long HIGHEST_ADDRESS = 1L << 56;

    /** What is followed. Bytes can be read as several of them. */
    enum Structure {
        OBJECT,
        MESSAGES,
        TREE,
        SYMBOLS
    }

    private final Content content;
    private final int addressBytes;
    private final int lengthBytes;
    private final Map<Structure, Set<Long>> seen = new EnumMap<>(Structure.class);
    private int structures;
    private long allowance;

    Hdf5Bytes(Content content, int addressBytes, int lengthBytes) throws DamagedException {
        require(addressBytes >= 2 && addressBytes <= 8 && lengthBytes >= 2 && lengthBytes <= 8, "its addresses");
        this.content = content;
        this.addressBytes = addressBytes;
        this.lengthBytes = lengthBytes;
        this.allowance = FREE_BYTES + content.size() * MOST_RATIO;
    }

    static void require(boolean condition, String what) throws DamagedException {
        if (!condition) {
            throw new DamagedException(what + " cannot be followed");
        }
    }

    int addressBytes() {
        return addressBytes;
    }

    int lengthBytes() {
        return lengthBytes;
    }

    /** Whether a structure has not been followed before. */
    boolean isNew(Structure structure, long address) throws DamagedException {
        boolean added = seen.computeIfAbsent(structure, one -> new HashSet<>()).add(address);
        if (added && ++structures > MOST_STRUCTURES) {
            throw new DamagedException("it has more than " + MOST_STRUCTURES + " objects and groups");
        }
        return added;
    }

    Content part(long address, long length) throws IOException {
        boolean inside = address >= 0 && length >= 0 && length <= content.size() - address;
        if (!inside) {
            throw new EOFException("an address is outside of the file");
        }
        allowance -= length;
        if (allowance < 0) {
            throw new DamagedException("its structures lie in each other");
        }
        return content.part(address, length);
    }

    /** The bytes of a structure, to be read one after another. */
    Cursor cursor(long address, long length) throws IOException {
        require(length < FREE_BYTES, "a structure of " + length + " bytes");
        return new Cursor(part(address, length).head((int) length), address);
    }

    /** The bytes from an address up to the end of the file, but not more than these. */
    Cursor upTo(long address, int most) throws IOException {
        require(address >= 0 && address < content.size(), "the address " + address);
        return cursor(address, Math.min(most, content.size() - address));
    }

    /** In memory. */
    Cursor cursor(byte[] bytes) {
        return new Cursor(bytes, 0);
    }

    /** Reads a structure. */
    final class Cursor {
        private final byte[] bytes;
        private final long address;
        private int next;

        private Cursor(byte[] bytes, long address) {
            this.bytes = bytes;
            this.address = address;
        }

        int left() {
            return bytes.length - next;
        }

        /** Where the next byte is in the file. */
        long position() {
            return address + next;
        }

        Cursor skip(long count) throws EOFException {
            if (count < 0 || count > left()) {
                throw new EOFException("a structure ends early");
            }
            next += (int) count;
            return this;
        }

        byte[] bytes(int count) throws EOFException {
            skip(count);
            return Arrays.copyOfRange(bytes, next - count, next);
        }

        long number(int count) throws EOFException {
            skip(count);
            long value = 0;
            for (int i = 1; i <= count; i++) {
                value = value << 8 | (bytes[next - i] & 0xff);
            }
            return value;
        }

        int u8() throws EOFException {
            return (int) number(1);
        }

        int u16() throws EOFException {
            return (int) number(2);
        }

        long length() throws IOException {
            long length = number(lengthBytes);
            require(length >= 0, "a length");
            return length;
        }

        /** An address, or -1 if there is none. */
        long address() throws IOException {
            long found = number(addressBytes);
            boolean none = found == (addressBytes == 8 ? -1 : (1L << (8 * addressBytes)) - 1);
            require(none || (found >= 0 && found < HIGHEST_ADDRESS), "an address");
            return none ? -1 : found;
        }

        /** Requires a mark of four letters, and returns the version behind it. */
        int version(String mark) throws IOException {
            require(new String(bytes(4), StandardCharsets.ISO_8859_1).equals(mark), "a part without the mark " + mark);
            return u8();
        }
    }
}
