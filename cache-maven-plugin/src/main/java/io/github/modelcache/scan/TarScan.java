package io.github.modelcache.scan;

import io.github.modelcache.archive.TarHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

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

    /** The types of entries that hold the name or size of the next one: of pax, of Solaris and of GNU tar. */
    private static final String EXTENSIONS = "xgXL";

    private static final int LONGEST_EXTENSION = 1 << 20;
    private static final char GNU_SPARSE = 'S';
    private static final Pattern SPARSE = Pattern.compile("\\d GNU\\.sparse\\.");
    private static final Pattern PATH = Pattern.compile("\\d path=([^\n/]*)/*\n");
    private static final Pattern SIZE = Pattern.compile("\\d size=([^\n]*)");
    private static final int NO_SIZE = -1;

    /** The size in bytes that a header has no digits for; an extension says it then. */
    private static final long LARGE = 1L << 33;

    private final Set<String> torch = new HashSet<>();
    private final Content content;
    private final String where;
    private final Inspection inspection;
    private long given = NO_SIZE;
    private boolean sparse;

    TarScan(Content content, String where, Inspection inspection) {
        this.content = content;
        this.where = where;
        this.inspection = inspection;
    }

    /** Whether it is an archive only to Python: the first entry has neither a name nor a checksum. */
    static boolean startsBare(Content content) throws IOException {
        TarHeader first = header(content, 0);
        if (!first.isValidButBare() || first.size() < 0 || first.size() > content.size()) {
            return false;
        }
        TarHeader second = header(content, TarHeader.BLOCK + padded(first.size()));
        return second.isValid() || second.isValidButBare();
    }

    private static TarHeader header(Content content, long at) throws IOException {
        return new TarHeader(content.part(at, TarHeader.BLOCK).head(TarHeader.BLOCK));
    }

    private static long padded(long size) {
        return (size + TarHeader.BLOCK - 1) / TarHeader.BLOCK * TarHeader.BLOCK;
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
            boolean extension = EXTENSIONS.indexOf(header.type()) >= 0;
            long size = extension || given < LARGE ? header.size() : given;
            if (!extension && given != NO_SIZE && given != size) {
                inspection.unsafe(where, "it is a tar archive that gives an entry two sizes");
                return;
            }
            if (size < 0 || size > content.size() - at - TarHeader.BLOCK) {
                inspection.unsafe(where, "it is a tar archive that ends early");
                return;
            }
            Content entry = content.part(at + TarHeader.BLOCK, size);
            sparse |= header.type() == GNU_SPARSE;
            if (extension) {
                extension(header.type(), entry);
            } else {
                given = NO_SIZE;
                name(header.name());
            }
            if (sparse) {
                inspection.unsafe(where, "it is a tar archive with a sparse entry, whose content cannot be followed");
                return;
            }
            String name = header.name().isEmpty() ? "an entry without a name" : header.name();
            inspection.nested(entry, where + name + " > ");
            at += TarHeader.BLOCK + padded(size);
        }
        if (torch.equals(OLDEST_TORCH)) {
            inspection.unsafe(
                    where,
                    "it has the format of PyTorch before 0.1.10, in which not every pickle can be found; "
                            + "save it again with a current PyTorch");
        }
    }

    /** Takes the name and the size that it gives to the next entry. */
    private void extension(char type, Content content) throws IOException {
        if (content.size() > LONGEST_EXTENSION) {
            inspection.unsafe(where, "it is a tar archive with a name that is too long");
        }
        String text = new String(content.head(LONGEST_EXTENSION), StandardCharsets.ISO_8859_1);
        if (type == 'L') {
            name(text.replaceFirst("(?s)\0.*", ""));
            return;
        }
        sparse |= SPARSE.matcher(text).find();
        PATH.matcher(text).results().forEach(path -> name(path.group(1)));
        // No program writes a size for all entries.
        SIZE.matcher(text).results().forEach(size -> given = type == 'g' ? Long.MAX_VALUE : size(size.group(1)));
    }

    private void name(String name) {
        if (OLDEST_TORCH.contains(name)) {
            torch.add(name);
        }
    }

    /** What is no number is larger than any file. */
    private static long size(String digits) {
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : Long.MAX_VALUE;
    }
}
