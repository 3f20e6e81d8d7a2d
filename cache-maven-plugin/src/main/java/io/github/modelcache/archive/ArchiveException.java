package io.github.modelcache.archive;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An archive that is broken or unsafe. The message names the archive, the entry and the reason. */
public class ArchiveException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Something is wrong with the archive as a whole. */
    public ArchiveException(Path archive, String reason, @Nullable Throwable cause) {
        super(
                archive + ": " + reason + "; nothing was unpacked, fetch the archive again or use another version",
                cause);
    }

    /** Something is wrong with one entry. */
    public ArchiveException(Path archive, String entry, String reason) {
        this(archive, "the entry '" + printable(entry) + "' " + reason, (Throwable) null);
    }

    private static String printable(String name) {
        StringBuilder text = new StringBuilder();
        name.codePoints().limit(300).forEach(c -> {
            if (Character.isISOControl(c)) {
                text.append(String.format("\\u%04x", c));
            } else {
                text.appendCodePoint(c);
            }
        });
        return text.toString();
    }
}
