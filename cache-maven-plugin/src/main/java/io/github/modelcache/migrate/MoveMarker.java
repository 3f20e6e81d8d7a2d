package io.github.modelcache.migrate;

import io.github.modelcache.io.FileRelay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A note in a folder that a cache is being moved to, so that a run that was stopped is finished by the next, and nobody
 * else's folder is taken for one.
 *
 * @param base the cache that it becomes
 * @param old what may be deleted once the cache is there; empty while it is not, or where nothing is left
 * @param whole whether the folder holds the whole cache, so that nothing in it may go
 */
record MoveMarker(String base, Optional<String> old, boolean whole) {

    private static final String NAME = ".modelcache/move";
    private static final String WHOLE = "whole";

    /** Copies are being made. */
    static MoveMarker begun(Path base) {
        return new MoveMarker(base.toString(), Optional.empty(), false);
    }

    /** The folder is the cache itself, which got another name. */
    static MoveMarker renamed(Path base) {
        return new MoveMarker(base.toString(), Optional.empty(), true);
    }

    /** All copies are made. */
    static MoveMarker copied(Path base, Path old) {
        return new MoveMarker(base.toString(), Optional.of(old.toString()), true);
    }

    /** Where it lies in a folder. */
    static Path in(Path folder) {
        return folder.resolve(NAME);
    }

    /** The note in a folder; empty when there is none. */
    static Optional<MoveMarker> read(Path folder) throws IOException {
        if (!Files.isRegularFile(in(folder))) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(in(folder), StandardCharsets.UTF_8);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> second = lines.stream().skip(1).findFirst();
        return Optional.of(
                new MoveMarker(lines.get(0), second.filter(line -> !line.equals(WHOLE)), second.isPresent()));
    }

    /** Whether the folder is to become this cache. */
    boolean isFor(Path cache) {
        return base.equals(cache.toString());
    }

    void write(Path folder, FileRelay relay) throws IOException {
        String text = base + "\n"
                + old.or(() -> whole ? Optional.of(WHOLE) : Optional.empty())
                        .map(line -> line + "\n")
                        .orElse("");
        relay.write(in(folder), text.getBytes(StandardCharsets.UTF_8));
    }

    static void delete(Path folder, FileRelay relay) throws IOException {
        relay.delete(folder, in(folder));
    }
}
