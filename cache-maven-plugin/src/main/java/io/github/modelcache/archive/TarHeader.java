package io.github.modelcache.archive;

import java.nio.charset.StandardCharsets;

/**
 * The header of an entry of a tar file.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html">The ustar and pax formats</a>
 */
public final class TarHeader {

    /** The bytes of a header; contents are padded to a multiple of it. */
    public static final int BLOCK = 512;

    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_LENGTH = 8;

    private final byte[] block;

    /**
     * A header.
     *
     * @param block 512 bytes; fewer are never {@link #isValid() valid}
     */
    public TarHeader(byte[] block) {
        this.block = block.clone();
    }

    /** Whether the checksum is right. A block of zeros or numbers can have the checksum 0 by chance; it is not a header. */
    public boolean isValid() {
        return hasChecksum() && !isBare();
    }

    /** Whether only programs that read an empty checksum as 0 accept it. */
    public boolean isValidButBare() {
        return hasChecksum() && isBare();
    }

    private boolean isBare() {
        return block[0] == 0 && block[CHECKSUM] == 0;
    }

    /** Old programs summed signed bytes. */
    private boolean hasChecksum() {
        if (block.length < BLOCK) {
            return false;
        }
        long sum = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            boolean inside = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LENGTH;
            sum += inside ? ' ' : block[i] & 0xff;
            signed += inside ? ' ' : block[i];
        }
        long announced = number(CHECKSUM, CHECKSUM_LENGTH);
        return announced >= 0 && (announced == sum || announced == signed);
    }

    /** Whether it marks the end of the tar file. */
    public boolean isEnd() {
        for (byte each : block) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    /** The type of the entry: {@code 0} for a file, {@code 5} for a folder, others for links and extensions. */
    public char type() {
        return (char) (block[156] & 0xff);
    }

    /** The size of the content in bytes; -1 if it is not a number. */
    public long size() {
        return number(124, 12);
    }

    /** The name with its prefix, if it has one. */
    public String name() {
        boolean ustar = field(257, 5).equals("ustar") && block[262] == 0;
        String prefix = ustar ? field(345, 155) : "";
        return (prefix.isEmpty() ? "" : prefix + "/") + field(0, 100);
    }

    private String field(int start, int length) {
        int end = start;
        while (end < start + length && block[end] != 0) {
            end++;
        }
        return new String(block, start, end - start, StandardCharsets.UTF_8);
    }

    /** Octal digits, or a binary number where the highest bit is set; -1 if it is neither. */
    private long number(int start, int length) {
        if ((block[start] & 0x80) != 0) {
            long value = block[start] & 0x7f;
            for (int i = start + 1; i < start + length; i++) {
                if (value >= 1L << 54) {
                    return -1;
                }
                value = value << 8 | (block[i] & 0xff);
            }
            return value;
        }
        String digits = field(start, length).strip();
        return digits.matches("[0-7]{1,12}") ? Long.parseLong(digits, 8) : digits.isEmpty() ? 0 : -1;
    }
}
