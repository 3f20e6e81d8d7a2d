package io.github.modelcache.family;

import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.files.SafeRelativePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file by which libraries find the revision of a model that they load by name, such as {@code refs/main}. A client
 * that asked the hub meanwhile may have pointed it elsewhere.
 *
 * @param file where it lies
 * @param name what libraries ask for: {@code main}
 * @param target what it must hold: the locked commit
 * @param found what it holds; empty when there is none
 */
public record RevisionPointer(Path file, String name, String target, Optional<String> found) {

    /** A commit has 40 characters; what is longer than this is wrong in any case. */
    private static final int LONGEST = 200;

    /** Looks at a pointer. */
    public static RevisionPointer read(Path file, String name, String target) throws IOException {
        return new RevisionPointer(file, name, target, content(file));
    }

    /**
     * What a pointer holds, every byte a character; empty when there is no such file.
     *
     * @throws IOException when it can't be read
     */
    public static Optional<String> content(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = RegularFile.stream(file)) {
            return Optional.of(new String(in.readNBytes(LONGEST), StandardCharsets.ISO_8859_1));
        }
    }

    /**
     * Whether what a pointer holds leads to files that are there. It need not be a commit: clients look for a folder of
     * that very name, so a model that was put there by hand is found under any.
     */
    public static boolean leads(Path repository, String content) {
        String name = new String(content.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        try {
            return name.indexOf('/') < 0
                    && SafeRelativePath.problem(name).isEmpty()
                    && Files.isDirectory(HubPlaces.snapshot(repository, name));
        } catch (InvalidPathException e) {
            return false; // no file can have that name here
        }
    }

    /** Whether it leads to the locked revision. */
    public boolean right() {
        return found.equals(Optional.of(target));
    }

    /** Makes it lead there. */
    public void write() throws IOException {
        AtomicFiles.write(file, target.getBytes(StandardCharsets.US_ASCII));
    }
}
