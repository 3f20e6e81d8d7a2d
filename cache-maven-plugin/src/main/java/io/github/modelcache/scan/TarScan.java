package io.github.modelcache.scan;

import io.github.modelcache.archive.TarHeader;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Looks into each entry of a tar archive.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html">POSIX, ustar interchange
 *     format</a>
 */
final class TarScan {
    private static final int MOST_ENTRIES = 1_000_000;

    /** PyTorch before 0.1.10 wrote pickles between the numbers of these, where none can be told from the other. */
    private static final Set<String> OLDEST_TORCH = Set.of("pickle", "storages", "tensors");

    private final Set<String> torch = new HashSet<>();
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
            TarHeader header = new TarHeader(block);
            if (block.length == TarHeader.BLOCK && header.isEnd()) {
                break;
            }
            if (!header.isValid() || entries == MOST_ENTRIES) {
                inspection.unsafe(where, "it is a tar archive that is damaged after " + entries + " entries");
                return;
            }
            long size = header.size();
            if (size < 0 || size > content.size() - at - TarHeader.BLOCK) {
                inspection.unsafe(where, "it is a tar archive that ends early");
                return;
            }
            if (OLDEST_TORCH.contains(header.name())) {
                torch.add(header.name());
            }
            String name = header.name().isEmpty() ? "an entry without a name" : header.name();
            inspection.nested(content.part(at + TarHeader.BLOCK, size), where + name + " > ");
            at += TarHeader.BLOCK + (size + TarHeader.BLOCK - 1) / TarHeader.BLOCK * TarHeader.BLOCK;
        }
        if (torch.equals(OLDEST_TORCH)) {
            inspection.unsafe(
                    where, "it is of PyTorch before 0.1.10, whose pickles lie between numbers; save it again");
        }
    }
}
