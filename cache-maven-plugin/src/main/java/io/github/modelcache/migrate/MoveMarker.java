package io.github.modelcache.migrate;

import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.inventory.scan.CacheEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A note in a folder that a cache is being moved to, so that a run that was stopped is finished by the next, and nobody
 * else's folder is taken for one.
 *
 * @param base the cache that it becomes
 * @param old what may be deleted once the cache is there; empty while it is not, or where nothing is left
 * @param whole whether the folder holds the whole cache, so that nothing in it may go
 * @param was the name that the folder had, and that links in it may still lead to
 */
record MoveMarker(String base, Optional<String> old, boolean whole, Optional<String> was) {

    /** The folder that it lies in. */
    static final String FOLDER = ".modelcache";

    private static final String NAME = FOLDER + "/move";
    private static final String OLD_NAME = FOLDER + "/moved";
    private static final String WHOLE = "whole";

    /** Copies are being made. */
    static MoveMarker begun(Path base) {
        return new MoveMarker(base.toString(), Optional.empty(), false, Optional.empty());
    }

    /** The folder is the cache itself, which got another name. */
    static MoveMarker renamed(Path base, Path was) {
        return new MoveMarker(base.toString(), Optional.empty(), true, Optional.of(was.toString()));
    }

    /** All copies are made. */
    static MoveMarker copied(Path base, Path old) {
        return new MoveMarker(base.toString(), Optional.of(old.toString()), true, Optional.empty());
    }

    /** Where it lies in a folder. */
    static Path in(Path folder) {
        return folder.resolve(NAME);
    }

    /** Where a folder that was copied whole says of which cache it is the old place. */
    static Path inOld(Path folder) {
        return folder.resolve(OLD_NAME);
    }

    /** Whether a file is one of the notes in a folder. */
    static boolean isNote(Path folder, Path file) {
        return file.equals(in(folder)) || file.equals(inOld(folder)) || file.equals(temporaryOld(folder));
    }

    private static Path temporaryOld(Path folder) {
        return PartialFiles.beside(inOld(folder), "move", Optional.empty());
    }

    /** Makes a folder say that all of it was copied. */
    static void writeOld(Path folder, Path base, AtomicFileOperations relay) throws IOException {
        relay.write(
                inOld(folder), temporaryOld(folder), (quoted(base.toString()) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Whether a folder is the old place of a cache still, and no other folder that was made in its stead: it says so, or
     * no file is left in it.
     */
    static boolean isOldPlace(Path folder, Path base) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        if (Files.isRegularFile(inOld(folder), LinkOption.NOFOLLOW_LINKS)) {
            return RegularFile.text(inOld(folder), RegularFile.SMALL)
                    .lines()
                    .map(MoveMarker::unquoted)
                    .findFirst()
                    .filter(base.toString()::equals)
                    .isPresent();
        }
        return TreeCopy.entries(folder).stream().allMatch(entry -> entry.kind() == CacheEntry.Kind.DIRECTORY);
    }

    /** What it is called while it is written. */
    private static Path temporary(Path folder) {
        return PartialFiles.beside(in(folder), "move", Optional.empty());
    }

    /** What shows whether a folder's disk has links. */
    static Path probe(Path folder) {
        return PartialFiles.beside(folder.resolve("link"), "move", Optional.empty());
    }

    /** Whether nothing lies in a folder but what a run left that was stopped before it wrote its note. */
    static boolean isUnbegun(Path folder) throws IOException {
        for (CacheEntry entry : TreeCopy.entries(folder)) {
            boolean ours = entry.path().equals(folder.resolve(FOLDER))
                    || entry.path().equals(temporary(folder))
                    || entry.path().equals(probe(folder));
            if (!ours) {
                return false;
            }
        }
        return true;
    }

    /** The note in a folder; empty when there is none. */
    static Optional<MoveMarker> read(Path folder) throws IOException {
        if (!Files.isRegularFile(in(folder))) {
            return Optional.empty();
        }
        List<String> lines = RegularFile.text(in(folder), RegularFile.SMALL)
                .lines()
                .map(MoveMarker::unquoted)
                .toList();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> second = lines.stream().skip(1).findFirst();
        return Optional.of(new MoveMarker(
                lines.get(0),
                second.filter(line -> !line.equals(WHOLE)),
                second.isPresent(),
                lines.stream().skip(2).findFirst()));
    }

    /** A path may hold a line's end. */
    private static String quoted(String path) {
        return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D");
    }

    private static String unquoted(String line) {
        return line.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    }

    /** Whether the folder is to become this cache. */
    boolean isFor(Path cache) {
        return base.equals(cache.toString());
    }

    void write(Path folder, AtomicFileOperations relay) throws IOException {
        List<String> lines = new ArrayList<>(List.of(base));
        if (whole) {
            lines.add(old.orElse(WHOLE));
        }
        was.ifPresent(lines::add);
        String text = lines.stream().map(line -> quoted(line) + "\n").collect(Collectors.joining());
        relay.write(in(folder), temporary(folder), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes back that a folder is an old place. */
    static void deleteOld(Path folder, AtomicFileOperations relay) throws IOException {
        if (Files.isRegularFile(inOld(folder), LinkOption.NOFOLLOW_LINKS)) {
            relay.delete(folder, inOld(folder));
        }
    }

    static void delete(Path folder, AtomicFileOperations relay) throws IOException {
        relay.delete(folder, in(folder));
    }
}
