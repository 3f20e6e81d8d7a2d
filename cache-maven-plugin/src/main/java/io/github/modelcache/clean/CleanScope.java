package io.github.modelcache.clean;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What {@code cache:clean} may delete. */
public enum CleanScope {
    /** Expired entries of application caches, and abandoned partial downloads. */
    STALE,
    /** Models that are neither in the lock file nor declared. */
    UNUSED,
    /** Everything in the application caches. */
    METADATA,
    /** Everything in the model caches. */
    MODELS,
    /** Both. */
    ALL;

    /**
     * Reads a scope as users type it.
     *
     * @throws IllegalArgumentException if there is no such scope
     */
    public static CleanScope parse(String text) {
        for (CleanScope scope : values()) {
            if (scope.id().equals(text.toLowerCase(Locale.ROOT).strip())) {
                return scope;
            }
        }
        throw new IllegalArgumentException("cache.scope is '" + text + "', expected one of "
                + Arrays.stream(values()).map(CleanScope::id).collect(Collectors.joining(", ")));
    }

    /** As users type it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean models() {
        return this == MODELS || this == ALL;
    }
}
