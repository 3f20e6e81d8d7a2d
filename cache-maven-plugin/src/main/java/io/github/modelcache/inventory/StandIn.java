package io.github.modelcache.inventory;

import io.github.modelcache.io.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Recognises what servers and tools leave in place of a model: a web page, a pointer of Git LFS, zeroes.
 *
 * @see <a href="https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md">Git LFS pointers</a>
 */
public final class StandIn {

    private static final int LOOK = 4096;

    private StandIn() {}

    /**
     * What the file is in truth, if its first bytes give it away.
     *
     * @throws IOException when it can't be read
     */
    public static Optional<String> find(Path file) throws IOException {
        byte[] head;
        try (InputStream in = RegularFile.stream(file)) {
            head = in.readNBytes(LOOK);
        }
        if (head.length == 0) {
            return Optional.of("an empty file");
        }
        String text =
                new String(head, StandardCharsets.ISO_8859_1).stripLeading().toLowerCase(Locale.ROOT);
        if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
            return Optional.of("an HTML page");
        }
        if (text.startsWith("version https://git-lfs.github.com/spec/")) {
            return Optional.of("a Git LFS pointer");
        }
        return zeroes(head) ? Optional.of("a file of zeroes") : Optional.empty();
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
