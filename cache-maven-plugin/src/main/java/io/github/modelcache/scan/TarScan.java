package io.github.modelcache.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Looks into each entry of a tar archive.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html">POSIX, ustar interchange
 *     format</a>
 */
final class TarScan {
    private static final int BLOCK = 512;
    private static final int CHECKSUM = 148;
    private static final int MOST_ENTRIES = 1_000_000;

    private final Content content;
    private final String where;
    private final Inspection inspection;

    TarScan(Content content, String where, Inspection inspection) {
        this.content = content;
        this.where = where;
        this.inspection = inspection;
    }

    /** Whether a block is the header of an entry: its checksum is right. */
    static boolean isHeader(byte[] head) {
        if (head.length < BLOCK || head[0] == 0) {
            return false;
        }
        long sum = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            boolean inside = i >= CHECKSUM && i < CHECKSUM + 8;
            sum += inside ? ' ' : head[i] & 0xff;
            signed += inside ? ' ' : head[i];
        }
        long announced = number(head, CHECKSUM, 8);
        return announced >= 0 && (announced == sum || announced == signed);
    }

    void scan() throws IOException {
        long at = 0;
        for (int entries = 0; at < content.size(); entries++) {
            byte[] header = content.part(at, BLOCK).head(BLOCK);
            if (header.length == BLOCK && header[0] == 0) {
                return; // the end
            }
            if (!isHeader(header) || entries == MOST_ENTRIES) {
                inspection.unsafe(where, "it is a tar archive that is damaged after " + entries + " entries");
                return;
            }
            long size = number(header, 124, 12);
            if (size < 0 || size > content.size() - at - BLOCK) {
                inspection.unsafe(where, "it is a tar archive that ends early");
                return;
            }
            String name = text(header, 0, 100);
            inspection.nested(content.part(at + BLOCK, size), where + name + " > ");
            at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
        }
    }

    private static String text(byte[] header, int at, int length) {
        int end = at;
        while (end < at + length && header[end] != 0) {
            end++;
        }
        return new String(header, at, end - at, StandardCharsets.UTF_8);
    }

    /** Octal digits, or a binary number where the highest bit is set; -1 if it is neither. */
    private static long number(byte[] header, int at, int length) {
        if ((header[at] & 0x80) != 0) {
            long value = header[at] & 0x7f;
            for (int i = at + 1; i < at + length; i++) {
                if (value >= 1L << 54) {
                    return -1;
                }
                value = value << 8 | (header[i] & 0xff);
            }
            return value;
        }
        String digits = text(header, at, length).strip();
        return digits.matches("[0-7]{1,12}") ? Long.parseLong(digits, 8) : digits.isEmpty() ? 0 : -1;
    }
}
