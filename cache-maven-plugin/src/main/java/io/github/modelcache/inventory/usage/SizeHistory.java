package io.github.modelcache.inventory.usage;

import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The sizes of the caches over time: a file with one line of JSON for each change. It is rewritten as a whole, so that
 * a run that is stopped leaves no half line.
 */
public record SizeHistory(Path file) {
    private static final int MOST_LINES = 1_000;
    private static final int MOST_BYTES = 1 << 20;

    /**
     * What the file has.
     *
     * @param sizes oldest first
     * @param damaged the number of lines that can't be read; 1 if the whole file can't
     */
    public record Content(List<SizeRecord> sizes, int damaged) {

        /** Copies the list. */
        public Content {
            sizes = List.copyOf(sizes);
        }
    }

    /** Reads the file; a missing one is empty. */
    public Content read() {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new Content(List.of(), 0);
        }
        try {
            List<SizeRecord> sizes = new ArrayList<>();
            int damaged = 0;
            for (String line : lines()) {
                Optional<SizeRecord> size = parsed(line);
                size.ifPresent(sizes::add);
                damaged += size.isEmpty() ? 1 : 0;
            }
            sizes.sort(Comparator.comparing(SizeRecord::at)); // a clock may have been wrong
            return new Content(sizes, damaged);
        } catch (IOException e) {
            return new Content(List.of(), 1);
        }
    }

    /**
     * Adds a size if it differs from the last one. Lines that can't be read stay where they are; reports count them.
     *
     * @throws IOException if the file can't be read or written; then it stays as it is
     */
    public void record(SizeRecord size) throws IOException {
        List<SizeRecord> sizes = read().sizes();
        if (!sizes.isEmpty() && sizes.get(sizes.size() - 1).bytes() == size.bytes()) {
            return;
        }
        List<String> lines = new ArrayList<>(Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? lines() : List.of());
        lines.add(JsonWriter.compact(size.toJson()).strip());
        List<String> newest = lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size());
        AtomicFiles.write(file, (String.join("\n", newest) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private List<String> lines() throws IOException {
        return RegularFile.text(file, MOST_BYTES)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static Optional<SizeRecord> parsed(String line) {
        try {
            return SizeRecord.of(JsonDocument.parse("a size", line).root());
        } catch (JsonException e) {
            return Optional.empty();
        }
    }
}
