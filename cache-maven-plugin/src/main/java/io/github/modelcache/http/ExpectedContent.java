package io.github.modelcache.http;

import io.github.modelcache.digest.Digest;
import java.util.Optional;

/**
 * What is known of a file before it is fetched.
 *
 * @param size in bytes, or -1 if unknown
 * @param digest of the content, if known
 */
public record ExpectedContent(long size, Optional<Digest> digest) {
    /** Nothing is known. */
    public static final ExpectedContent NONE = new ExpectedContent(-1, Optional.empty());

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if {@code size} is less than -1
     */
    public ExpectedContent {
        if (size < -1) {
            throw new IllegalArgumentException("a size of " + size + " bytes; -1 stands for unknown");
        }
    }
}
