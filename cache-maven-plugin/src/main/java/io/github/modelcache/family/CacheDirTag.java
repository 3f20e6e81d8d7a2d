package io.github.modelcache.family;

import io.github.modelcache.files.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The tag that tells backup programs to skip a folder.
 *
 * @see <a href="https://bford.info/cachedir/">Cache Directory Tagging</a>
 */
public final class CacheDirTag {

    /** Its file name. */
    public static final String NAME = "CACHEDIR.TAG";

    /** Its content. */
    public static final String TEXT = """
            Signature: 8a477f597d28d172789f06886806bc55
            # This folder holds caches of machine-learning models, kept by cache-maven-plugin.
            # Everything in it can be fetched again. See https://bford.info/cachedir/
            """;

    private final Path file;

    /** The tag of a folder. */
    public CacheDirTag(Path folder) {
        file = folder.resolve(NAME);
    }

    /** The path of the file. */
    public Path file() {
        return file;
    }

    /** Writes it if it is missing. */
    public void write() throws IOException {
        if (!Files.exists(file)) {
            AtomicFiles.write(file, TEXT.getBytes(StandardCharsets.UTF_8));
        }
    }
}
