package io.github.modelcache.ci;

import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonWriter;
import java.util.List;
import java.util.Locale;

/** The output formats of a key. */
public enum KeyFormat {
    /** The key in the first line, a path in each line after it. */
    TEXT,
    /** One object. */
    JSON,
    /** The outputs {@code key}, {@code restore-keys} and {@code path} of a step, as GitHub Actions reads them. */
    GITHUB;

    private static final int SCHEMA_VERSION = 1;
    /** Ends the paths; no path equals it. */
    private static final String END = "END_OF_PATHS/";

    /**
     * The format of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static KeyFormat named(String name) {
        for (KeyFormat format : values()) {
            if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
                return format;
            }
        }
        throw new IllegalArgumentException("cache.format is '" + name + "', expected text, json or github");
    }

    /** The text of a key, with a line end. */
    public String text(CacheKey key) {
        return switch (this) {
            case TEXT -> key.key() + "\n" + String.join("\n", key.paths()) + "\n";
            case GITHUB ->
                "key=" + key.key() + "\nrestore-keys=" + key.prefix() + "\npath<<" + END + "\n"
                        + String.join("\n", key.paths()) + "\n" + END + "\n";
            case JSON -> json(key);
        };
    }

    private static String json(CacheKey key) {
        return JsonWriter.write(JsonObject.builder()
                .put("schemaVersion", SCHEMA_VERSION)
                .put("key", key.key())
                .put("restoreKeys", JsonArray.ofStrings(List.of(key.prefix())))
                .put("paths", JsonArray.ofStrings(key.paths()))
                .build());
    }
}
