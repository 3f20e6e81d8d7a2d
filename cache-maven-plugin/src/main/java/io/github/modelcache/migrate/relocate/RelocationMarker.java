package io.github.modelcache.migrate.relocate;

import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.inventory.scan.CacheEntry;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file in the folder that a cache is relocated to. It lets the next run finish an interrupted one.
 *
 * @param base the base folder of the cache
 * @param complete whether the folder holds the whole cache
 * @param old the copied folder, to be deleted when the base folder leads to the new one; empty after a rename
 */
record RelocationMarker(Path base, boolean complete, Optional<Path> old) {

    /** The plugin's own folder in a cache. */
    static final String FOLDER = ".modelcache";

    private static final String NAME = FOLDER + "/move";
    private static final String COMPLETE = "complete";

    static RelocationMarker begun(Path base) {
        return new RelocationMarker(base, false, Optional.empty());
    }

    static RelocationMarker renamed(Path base) {
        return new RelocationMarker(base, true, Optional.empty());
    }

    static RelocationMarker copied(Path base, Path old) {
        return new RelocationMarker(base, true, Optional.of(old));
    }

    /** The marker's file in a folder. */
    static Path file(Path folder) {
        return folder.resolve(NAME);
    }

    /** Whether a file in a folder is the marker, or the temporary file of one. */
    static boolean isMarker(Path folder, Path file) {
        return file.equals(file(folder)) || file.equals(temporary(folder));
    }

    /** Where {@link AtomicFileOperations#canLink} may try whether a folder's disk has links. */
    static Path probe(Path folder) {
        return PartialFiles.beside(folder.resolve("link"), "move", Optional.empty());
    }

    private static Path temporary(Path folder) {
        return PartialFiles.beside(file(folder), "move", Optional.empty());
    }

    /** Whether a folder has no other files than those of a run that was interrupted before it wrote its marker. */
    static boolean isUnused(Path folder) throws IOException {
        for (CacheEntry entry : TreeCopier.entries(folder)) {
            boolean ours = entry.path().equals(file(folder).getParent())
                    || entry.path().equals(temporary(folder))
                    || entry.path().equals(probe(folder));
            if (!ours) {
                return false;
            }
        }
        return true;
    }

    /** The marker in a folder; empty if it is missing or belongs to another cache. */
    static Optional<RelocationMarker> read(Path folder, Path base) throws IOException {
        if (!Files.isRegularFile(file(folder))) {
            return Optional.empty();
        }
        List<String> lines =
                RegularFile.text(file(folder), RegularFile.SMALL).lines().toList();
        try {
            if (lines.isEmpty() || !path(lines.get(0)).equals(base)) {
                return Optional.empty();
            }
            Optional<Path> old = lines.size() > 2 ? Optional.of(path(lines.get(2))) : Optional.empty();
            return Optional.of(new RelocationMarker(base, lines.contains(COMPLETE), old));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not written by this class
        }
    }

    private static Path path(String uri) {
        return Path.of(URI.create(uri));
    }

    /** Writes the marker: a URI keeps line breaks and bytes that are no text. */
    void write(Path folder, AtomicFileOperations operations) throws IOException {
        String text = base.toUri() + "\n"
                + (complete ? COMPLETE + "\n" : "")
                + old.map(path -> path.toUri() + "\n").orElse("");
        operations.write(file(folder), temporary(folder), text.getBytes(StandardCharsets.UTF_8));
    }

    static void delete(Path folder, AtomicFileOperations operations) throws IOException {
        operations.delete(folder, file(folder));
    }
}
