package io.github.modelcache.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the headers of a tar file that depend on names and sizes only: no time, no owner, fixed permissions. What the ustar
 * format can't hold (long names, other letters than ASCII, more than 8 GiB) is in a pax header. A size of 8 GiB or more is also
 * in the size field, in base 256 as GNU tar writes it, because some readers skip pax headers.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html">The ustar and pax formats</a>
 */
public final class TarWriter {

    private static final int BLOCK = 512;
    private static final int NAME_BYTES = 100;
    private static final int PREFIX_BYTES = 155;
    private static final int SIZE_START = 124;
    private static final int SIZE_DIGITS = 11;
    private static final long LARGEST_USTAR_FILE = (1L << (3 * SIZE_DIGITS)) - 1;
    private static final int BASE_256 = 0x80;
    private static final int CHECKSUM_START = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final int END_BLOCKS = 2;
    private static final String PAX_NAME = "pax-header";

    private TarWriter() {}

    /** The headers of a file, after which its {@code size} bytes and {@link #padding} follow. */
    public static byte[] file(String name, long size) {
        return entry(name, '0', "0000644", size);
    }

    /** The header of a folder. */
    public static byte[] folder(String name) {
        return entry(name + "/", '5', "0000755", 0);
    }

    /** The zeros after a file's content, at most 511. */
    public static byte[] padding(long size) {
        return new byte[(int) (-size & (BLOCK - 1))];
    }

    /** The end of a tar file. */
    public static byte[] end() {
        return new byte[END_BLOCKS * BLOCK];
    }

    private static byte[] entry(String name, char type, String mode, long size) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int split = split(bytes);
        boolean plain = split >= 0 && isAscii(bytes);
        boolean large = size > LARGEST_USTAR_FILE;
        if (!plain || large) {
            byte[] records = ((plain ? "" : record("path", name)) + (large ? record("size", String.valueOf(size)) : ""))
                    .getBytes(StandardCharsets.UTF_8);
            out.writeBytes(header(PAX_NAME.getBytes(StandardCharsets.US_ASCII), 0, 'x', "0000644", records.length));
            out.writeBytes(records);
            out.writeBytes(padding(records.length));
        }
        byte[] fallback = PAX_NAME.getBytes(StandardCharsets.US_ASCII);
        out.writeBytes(header(plain ? bytes : fallback, plain ? split : 0, type, mode, size));
        return out.toByteArray();
    }

    /** The length counts itself. */
    private static String record(String key, String value) {
        String text = " " + key + "=" + value + "\n";
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        int length = bytes;
        while (length != bytes + String.valueOf(length).length()) {
            length = bytes + String.valueOf(length).length();
        }
        return length + text;
    }

    /** Where the name field begins: 0, or after the slash that ends the prefix; -1 if no slash divides the name so. */
    private static int split(byte[] name) {
        if (name.length <= NAME_BYTES) {
            return 0;
        }
        for (int i = Math.min(PREFIX_BYTES, name.length - 2); i >= name.length - NAME_BYTES - 1 && i > 0; i--) {
            if (name[i] == '/') {
                return i + 1;
            }
        }
        return -1;
    }

    private static boolean isAscii(byte[] name) {
        for (byte each : name) {
            if (each < ' ' || each == 0x7f) { // other letters are negative
                return false;
            }
        }
        return true;
    }

    private static byte[] header(byte[] name, int split, char type, String mode, long size) {
        byte[] header = new byte[BLOCK];
        System.arraycopy(name, split, header, 0, name.length - split);
        put(header, 100, mode);
        put(header, 108, "0000000"); // owner
        put(header, 116, "0000000"); // group
        putSize(header, size);
        put(header, 136, octal(0, SIZE_DIGITS)); // time
        header[156] = (byte) type;
        put(header, 257, "ustar\0" + "00");
        if (split > 0) {
            System.arraycopy(name, 0, header, 345, split - 1);
        }
        Arrays.fill(header, CHECKSUM_START, CHECKSUM_START + CHECKSUM_BYTES, (byte) ' ');
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        put(header, CHECKSUM_START, octal(sum, 6) + "\0 ");
        return header;
    }

    private static void putSize(byte[] header, long size) {
        if (size <= LARGEST_USTAR_FILE) {
            put(header, SIZE_START, octal(size, SIZE_DIGITS));
            return;
        }
        header[SIZE_START] = (byte) BASE_256;
        for (int i = 0; i < Long.BYTES; i++) {
            header[SIZE_START + SIZE_DIGITS - i] = (byte) (size >>> (i * Byte.SIZE));
        }
    }

    private static String octal(long number, int digits) {
        String text = Long.toOctalString(number);
        return "0".repeat(digits - text.length()) + text;
    }

    private static void put(byte[] header, int start, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, start, bytes.length);
    }
}
