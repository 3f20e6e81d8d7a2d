package io.github.modelcache.mojo;

import io.github.modelcache.environment.EnvironmentFormat;
import java.util.Arrays;

/** The formats of results: text, or JSON on standard output. */
enum OutputFormat {
    TEXT,
    JSON;

    /**
     * Reads {@code cache.format}.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static OutputFormat parse(String text) {
        return switch (text) {
            case "text" -> TEXT;
            case "json" -> JSON;
            default -> throw new IllegalArgumentException("cache.format is '" + text + "', expected text or json");
        };
    }

    /** The same for goals that run beside {@code cache:env} in one command: its formats mean text to them. */
    static OutputFormat parseBesideOthers(String text) {
        boolean ofEnv = Arrays.stream(EnvironmentFormat.values())
                .anyMatch(format -> format.toString().equals(text));
        return ofEnv && !text.equals("json") ? TEXT : parse(text);
    }
}
