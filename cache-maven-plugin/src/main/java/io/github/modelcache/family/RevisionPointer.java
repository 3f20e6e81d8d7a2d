package io.github.modelcache.family;

import io.github.modelcache.files.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file by which libraries find the revision of a model that they load by name, such as {@code refs/main} of a hub
 * repository. Another program may have changed it since the download.
 *
 * @param file where it lies
 * @param name the revision that libraries ask for: {@code main}
 * @param target the locked commit, which the file must hold
 * @param found the content of the file; empty when it is missing
 */
public record RevisionPointer(Path file, String name, String target, Optional<String> found) {

    /** Whether the file holds the locked revision. */
    public boolean right() {
        return found.equals(Optional.of(target));
    }

    /** Writes the locked revision into the file. */
    public void write() throws IOException {
        AtomicFiles.write(file, target.getBytes(StandardCharsets.US_ASCII));
    }
}
