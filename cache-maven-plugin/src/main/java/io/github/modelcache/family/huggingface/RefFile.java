package io.github.modelcache.family.huggingface;

import io.github.modelcache.files.RegularFile;
import io.github.modelcache.files.SafeRelativePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** A file of a hub repository that names a commit, such as {@code refs/main}. */
public final class RefFile {

    /** A commit has 40 characters; a longer content is wrong in any case. */
    private static final int LONGEST = 200;

    private RefFile() {}

    /**
     * The first 200 bytes of a ref, each byte as one character; empty when there is no such file.
     *
     * @throws IOException when the file can't be read
     */
    public static Optional<String> content(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = RegularFile.stream(file)) {
            return Optional.of(new String(in.readNBytes(LONGEST), StandardCharsets.ISO_8859_1));
        }
    }

    /** Whether the content of a ref is a commit, or names an existing snapshot. */
    public static boolean isValid(Path repository, String content) {
        return HubPlaces.isCommit(content) || namesSnapshot(repository, content);
    }

    /**
     * Whether the content of a ref names an existing snapshot. Clients accept any folder name, not only a commit, so
     * a snapshot that a person made by hand works too.
     */
    public static boolean namesSnapshot(Path repository, String content) {
        String name = new String(content.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        try {
            return name.indexOf('/') < 0
                    && SafeRelativePath.problem(name).isEmpty()
                    && Files.isDirectory(HubPlaces.snapshot(repository, name));
        } catch (InvalidPathException e) {
            return false; // this file system has no such names
        }
    }
}
