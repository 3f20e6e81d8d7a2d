package io.github.modelcache.inventory.usage;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The size of the caches at the last build, stored beside the reports.
 *
 * @param at time of that build
 */
public record SizeRecord(Instant at, long bytes) {

    /** Reads the record; empty if it is missing or unreadable. */
    public static Optional<SizeRecord> read(Path file) {
        try {
            return of(JsonDocument.read(file).root());
        } catch (IOException | JsonException e) {
            return Optional.empty();
        }
    }

    /** The record that {@link #toJson} wrote; empty if it is something else. */
    static Optional<SizeRecord> of(Json json) {
        try {
            return json instanceof JsonObject root
                            && root.get("at") instanceof JsonString at
                            && root.get("bytes") instanceof JsonNumber bytes
                            && bytes.longValue() >= 0
                    ? Optional.of(new SizeRecord(Instant.parse(at.value()), bytes.longValue()))
                    : Optional.empty();
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** The form that {@link #read} understands. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("at", at.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("bytes", bytes)
                .build();
    }
}
