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
 * @param old what may be deleted once the cache is there; empty while it is not
 */
record MoveMarker(String base, Optional<String> old) {

    private static final String NAME = ".modelcache/move";

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
        return lines.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new MoveMarker(lines.get(0), lines.stream().skip(1).findFirst()));
    }

    /** Whether the folder is to become this cache. */
    boolean isFor(Path cache) {
        return base.equals(cache.toString());
    }

    void write(Path folder, FileRelay relay) throws IOException {
        String text = base + "\n" + old.map(path -> path + "\n").orElse("");
        relay.write(in(folder), text.getBytes(StandardCharsets.UTF_8));
    }

    static void delete(Path folder, FileRelay relay) throws IOException {
        relay.delete(folder, in(folder));
    }
}
