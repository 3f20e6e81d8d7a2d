package io.github.modelcache.scan;

import io.github.modelcache.archive.TarHeader;
import java.io.IOException;

/**
 * Looks into each entry of a tar archive.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html">POSIX, ustar interchange
 *     format</a>
 */
final class TarScan {
    private static final int MOST_ENTRIES = 1_000_000;

    private final Content content;
    private final String where;
    private final Inspection inspection;

    TarScan(Content content, String where, Inspection inspection) {
        this.content = content;
        this.where = where;
        this.inspection = inspection;
    }

    void scan() throws IOException {
        long at = 0;
        for (int entries = 0; at < content.size(); entries++) {
            byte[] block = content.part(at, TarHeader.BLOCK).head(TarHeader.BLOCK);
            if (block.length == TarHeader.BLOCK && block[0] == 0) {
                return; // the end
            }
            TarHeader header = new TarHeader(block);
            if (!header.isValid() || entries == MOST_ENTRIES) {
                inspection.unsafe(where, "it is a tar archive that is damaged after " + entries + " entries");
                return;
            }
            long size = header.size();
            if (size < 0 || size > content.size() - at - TarHeader.BLOCK) {
                inspection.unsafe(where, "it is a tar archive that ends early");
                return;
            }
            inspection.nested(content.part(at + TarHeader.BLOCK, size), where + header.name() + " > ");
            at += TarHeader.BLOCK + (size + TarHeader.BLOCK - 1) / TarHeader.BLOCK * TarHeader.BLOCK;
        }
    }
}
