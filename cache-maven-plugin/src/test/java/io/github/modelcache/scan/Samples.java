package io.github.modelcache.scan;

import io.github.modelcache.files.RandomBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files that do harm, or look as if they did, byte by byte. */
final class Samples {

    /** Protocol 4, a call of {@code os.system}. */
    static final byte[] HOSTILE = bytes("\u0080\4\u008c\2os\u008c\6system\u0093\u008c\4true\u0085R.");

    /** Protocol 4, an empty dictionary. */
    static final byte[] HARMLESS = bytes("\u0080\4}.");

    private Samples() {}

    /** Each character is a byte. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Little-endian. */
    static byte[] le(long value, int count) {
        byte[] all = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        return Arrays.copyOf(all, count);
    }

    static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] tar(String name, byte[] content) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 124, String.format("%011o", content.length));
        put(header, 156, "0");
        put(header, 257, "ustar\00000");
        checksum(header);
        return concat(header, Arrays.copyOf(content, (content.length + 511) / 512 * 512), new byte[1024]);
    }

    /** Puts the right checksum into the header of an entry of a tar archive. */
    static void checksum(byte[] header) {
        put(header, 148, "        ");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, String.format("%06o\0 ", sum));
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = bytes(text);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    /** A field of Protocol Buffers that has a length. */
    static byte[] field(int number, byte[]... content) {
        byte[] all = concat(content);
        return concat(varint(number << 3 | 2), varint(all.length), all);
    }

    static byte[] field(int number, String text) {
        return field(number, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] number(int number, int value) {
        return concat(varint(number << 3), varint(value));
    }

    private static byte[] varint(int value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int rest = value;
        while (rest >= 0x80) {
            bytes.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes.write(rest);
        return bytes.toByteArray();
    }

    static byte[] safetensors(String header, int bytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return concat(le(json.length, 8), json, new byte[bytes]);
    }

    static byte[] ggufText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return concat(le(bytes.length, 8), bytes);
    }

    /** GGUF with one text value and one tensor of so many elements. */
    static byte[] gguf(String key, String value, long elements, int bytes) {
        return gguf(concat(ggufText(key), le(8, 4), ggufText(value)), elements, 0, bytes);
    }

    /** The same with any value, and a type of the elements. */
    static byte[] gguf(byte[] value, long elements, int type, int bytes) {
        byte[] header = concat(
                bytes("GGUF"),
                le(3, 4),
                le(1, 8),
                le(1, 8),
                value,
                ggufText("w"),
                le(1, 4),
                le(elements, 8),
                le(type, 4),
                le(0, 8));
        return concat(Arrays.copyOf(header, (header.length + 31) / 32 * 32), new byte[bytes]);
    }

    static byte[] npy(String type, byte[] content) {
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (1,), }\n";
        return concat(bytes("\u0093NUMPY\1\0"), le(header.length(), 2), bytes(header), content);
    }

    static ScanResult scan(byte[] bytes, String name) throws IOException {
        return new ModelScanner()
                .scan(
                        new RandomBytes() {
                            @Override
                            public long size() {
                                return bytes.length;
                            }

                            @Override
                            public int read(ByteBuffer target, long position) {
                                if (position >= bytes.length) {
                                    return -1;
                                }
                                int count = (int) Math.min(target.remaining(), bytes.length - position);
                                target.put(bytes, (int) position, count);
                                return count;
                            }
                        },
                        name);
    }
}
