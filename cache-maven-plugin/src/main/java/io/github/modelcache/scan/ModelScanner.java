package io.github.modelcache.scan;

import io.github.modelcache.files.RandomBytes;
import io.github.modelcache.files.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells what model files do when they are loaded. Memory stays flat: a few megabytes for a file of any size. Several
 * threads may ask.
 */
public final class ModelScanner {
    /**
     * The version of the rules. A verdict of other rules is not worth anything; raise it with each change of what is
     * found.
     */
    public static final int RULES = 8;

    private final AllowedNames allowed = AllowedNames.load();

    /**
     * Scans a file. Nothing of it is run, unpacked to a disk or changed.
     *
     * @param name the file's path in its model; the end of it is used in messages, and to tell scripts from models
     * @throws IOException if the file cannot be read
     */
    public ScanResult scan(Path file, String name) throws IOException {
        try (FileChannel channel = RegularFile.channel(file)) {
            return scan(RandomBytes.of(channel), name);
        } catch (RuntimeException | StackOverflowError e) {
            // A defect of the scanner must not let a file pass.
            return new ScanResult(
                    Format.OTHER.id(),
                    List.of(new ScanIssue(ScanIssue.Kind.UNSAFE, "it cannot be followed (" + e + "); report this")));
        }
    }

    ScanResult scan(RandomBytes bytes, String name) throws IOException {
        Inspection inspection = new Inspection(allowed, name, bytes.size());
        Format format = Format.OTHER;
        try {
            format = inspection.nested(Content.of(inspection.timed(bytes)), "");
        } catch (ScanLimitException e) {
            inspection.unsafe("", String.valueOf(e.getMessage()));
        }
        return new ScanResult(format.id(), inspection.issues());
    }
}
