package io.github.modelcache.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Adds text to the end of a file that a variable of the environment names. */
public final class FileAppender {

    private FileAppender() {}

    /**
     * Appends, and creates the file where it is missing. A file that is reached through a link or has several names may
     * be somebody else's, and is refused; a terminal and a pipe are not files that could be damaged.
     *
     * @param name what names the file, for the message
     */
    public static void append(Path file, String text, String name) throws IOException {
        boolean several = Files.isRegularFile(file) && (Files.isSymbolicLink(file) || HardLinks.names(file) > 1);
        boolean nowhere = Files.isSymbolicLink(file) && !Files.exists(file);
        if (several || nowhere) {
            throw new IOException(name + " names " + file + ", which is "
                    + (Files.isSymbolicLink(file) ? "a link" : "a file with several names")
                    + ", so it may be somebody else's and nothing was written; set " + name + " to a plain file");
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
