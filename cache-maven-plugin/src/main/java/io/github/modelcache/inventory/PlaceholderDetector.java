package io.github.modelcache.inventory;

import io.github.modelcache.files.RegularFile;
import io.github.modelcache.model.WeightFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Recognises files that servers and tools leave in place of a model: a web page, a Git LFS pointer, the text of a link on
 * disks without links, zeroes.
 *
 * @see <a href="https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md">Git LFS pointers</a>
 */
public final class PlaceholderDetector {

    /** Longer files are not placeholders that were committed by mistake. */
    public static final int LARGEST_COMMITTED = 1 << 20;

    private static final int LOOK = 4096;
    private static final int LONGEST_LINK = 1024;

    private static final Pattern LINK_TEXT =
            Pattern.compile("(?:\\.{1,2}[/\\\\])*[\\w@+.-]+(?:[/\\\\][\\w@+. -]+)*[\\r\\n]{0,2}");

    private PlaceholderDetector() {}

    /**
     * The kind of placeholder, as its first bytes tell; empty for any other file.
     *
     * @throws IOException when it can't be read
     */
    public static Optional<String> find(Path file) throws IOException {
        byte[] head = head(file);
        if (head.length == 0) {
            return Optional.of("an empty file");
        }
        return placeholder(head).or(() -> zeroes(head) ? Optional.of("a file of zeroes") : Optional.empty());
    }

    /**
     * The same for a file that is as its source has it: a repository may hold a placeholder itself.
     *
     * @throws IOException when it can't be read
     */
    public static Optional<String> committed(Path file) throws IOException {
        return placeholder(head(file));
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = RegularFile.stream(file)) {
            return in.readNBytes(LOOK);
        }
    }

    private static Optional<String> placeholder(byte[] head) {
        String raw = new String(head, StandardCharsets.ISO_8859_1);
        String text = raw.stripLeading().toLowerCase(Locale.ROOT);
        if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
            return Optional.of("an HTML page");
        }
        if (text.startsWith("version https://git-lfs.github.com/spec/")) {
            return Optional.of("a Git LFS pointer");
        }
        boolean path = raw.indexOf('/') >= 0 || raw.indexOf('\\') >= 0 || WeightFiles.is(raw.strip());
        return path && head.length < LONGEST_LINK && LINK_TEXT.matcher(raw).matches()
                ? Optional.of("the text of a link (to " + raw.strip() + ")")
                : Optional.empty();
    }

    private static boolean zeroes(byte[] head) {
        for (byte value : head) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }
}
