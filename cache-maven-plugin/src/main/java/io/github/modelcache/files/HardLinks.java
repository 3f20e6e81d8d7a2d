package io.github.modelcache.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** How many names a content has. */
public final class HardLinks {

    private HardLinks() {}

    /**
     * The number of names of a file's content, this one included; of a symbolic link itself, not of its target.
     *
     * @return 1 or more; 1 where the platform or the file system does not tell
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if its attributes cannot be read
     */
    public static int names(Path file) throws IOException {
        try {
            return Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) instanceof Integer names
                    ? names
                    : 1;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return 1;
        }
    }
}
