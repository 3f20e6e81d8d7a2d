package io.github.modelcache.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends to a file that an environment variable names. */
public final class FileAppender {

    private FileAppender() {}

    /**
     * Appends, and creates a missing file. Rejects links and files with several names, which may belong to others.
     *
     * @param name of the variable, for the message
     */
    public static void append(Path file, String text, String name) throws IOException {
        boolean several = Files.isRegularFile(file) && (Files.isSymbolicLink(file) || HardLinks.names(file) > 1);
        boolean nowhere = Files.isSymbolicLink(file) && !Files.exists(file);
        if (several || nowhere) {
            throw new IOException(name + " names " + file + ", which is "
                    + (Files.isSymbolicLink(file) ? "a link" : "a file with several names")
                    + ", which may belong to another user; nothing was written. Set " + name + " to a plain file");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            Files.writeString(file, text, StandardOpenOption.APPEND);
            return;
        }
        Files.write(
                file,
                text.getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                LinkOption.NOFOLLOW_LINKS);
    }
}
