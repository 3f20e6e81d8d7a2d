package io.github.modelcache.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Counts hard links. */
public final class HardLinks {

    private HardLinks() {}

    /**
     * The number of hard links of a file; of a symbolic link itself, not of its target.
     *
     * @return 1 or more; 1 if the platform or the file system does not know
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
