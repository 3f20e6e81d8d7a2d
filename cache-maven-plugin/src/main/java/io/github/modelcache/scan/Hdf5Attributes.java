package io.github.modelcache.scan;

import io.github.modelcache.scan.Hdf5Bytes.Cursor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The attributes of an HDF5 object. Keras keeps its configs in texts of the root group. */
final class Hdf5Attributes {
    private static final Set<String> CONFIGS = Set.of("model_config", "training_config");
    private static final int FIXED_TEXT = 3;
    private static final int VARIABLE = 9;

    private final Hdf5Bytes bytes;
    private final String where;
    private final Inspection inspection;

    Hdf5Attributes(Hdf5Bytes bytes, String where, Inspection inspection) {
        this.bytes = bytes;
        this.where = where;
        this.inspection = inspection;
    }

    /** Those in a heap, by the message that tells where. */
    void dense(Cursor in) throws IOException {
        int flags = in.skip(1).u8();
        in.skip((flags & 1) == 0 ? 0 : 2);
        long heap = in.address();
        if (heap < 0) {
            return;
        }
        Hdf5Heap attributes = new Hdf5Heap(bytes, heap);
        attributes.each(in.address(), this::attribute);
        if ((flags & 2) != 0) {
            attributes.each(in.address(), this::attribute);
        }
    }

    /** One of them. */
    void attribute(Cursor in, long position) throws IOException {
        int version = in.u8();
        Hdf5Bytes.require(version >= 1 && version <= 3, "the version of an attribute");
        int flags = in.u8();
        int nameLength = in.u16();
        int typeLength = in.u16();
        int spaceLength = in.u16();
        in.skip(version == 3 ? 1 : 0);
        String name = new String(in.bytes(nameLength), StandardCharsets.UTF_8).replaceAll("\0.*", "");
        in.skip(version == 1 ? padding(nameLength) : 0);
        Cursor type = bytes.cursor(in.bytes(typeLength));
        in.skip(version == 1 ? padding(typeLength) : 0);
        in.skip(spaceLength + (version == 1 ? padding(spaceLength) : 0));
        boolean text = version == 1 || (flags & 1) == 0;
        int kind = text ? type.u8() & 0xf : -1;
        if (kind == FIXED_TEXT) {
            text(name, new ByteArrayInputStream(in.bytes(in.left())));
        } else if (kind == VARIABLE && (type.u8() & 0xf) == 1) {
            while (in.left() >= 8 + bytes.addressBytes()) {
                variable(name, in.number(4), in.address(), (int) in.number(4));
            }
        } else {
            Hdf5Bytes.require(!CONFIGS.contains(name), "its " + name);
        }
    }

    private static int padding(int length) {
        return -length & 7;
    }

    /** A text in a collection: entries of different lengths, each with its number. */
    private void variable(String name, long length, long collection, int number) throws IOException {
        if (length == 0 || collection < 0) {
            return;
        }
        int headBytes = 8 + bytes.lengthBytes();
        Cursor in = bytes.cursor(collection, headBytes);
        in.version("GCOL");
        long end = collection + in.skip(3).length();
        int entryBytes = 8 + bytes.lengthBytes();
        for (long at = collection + headBytes; at <= end - entryBytes; ) {
            Cursor entry = bytes.cursor(at, entryBytes);
            int found = entry.u16();
            long size = entry.skip(6).length();
            Hdf5Bytes.require(found != 0 && size <= end - at, "a text of its attributes");
            if (found == number) {
                try (InputStream text = bytes.part(at + entryBytes, size).open(0)) {
                    text(name, text);
                }
                return;
            }
            at += entryBytes + (size + 7) / 8 * 8;
        }
        throw new DamagedException("a text of its attributes cannot be followed");
    }

    private void text(String name, InputStream text) throws IOException {
        if (new JsonScan(where, inspection).scan(text, true) == JsonScan.Outcome.BEYOND_LIMITS) {
            throw new DamagedException("its " + name + " is nested too deep, or has too long a text");
        }
    }
}
