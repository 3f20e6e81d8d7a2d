package io.github.modelcache.http;

import io.github.modelcache.digest.Digest;
import java.util.Optional;

/**
 * What is known of a file before it is fetched.
 *
 * @param size in bytes, or -1 if unknown
 * @param digest of the content, if known
 * @param offset where it begins in what the URL names, if it is only a part of that, such as a file in a tar file; its size
 *     is then known and not 0
 */
public record ExpectedContent(long size, Optional<Digest> digest, Optional<Long> offset) {
    /** Nothing is known. */
    public static final ExpectedContent NONE = new ExpectedContent(-1, Optional.empty());

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if {@code size} is less than -1, or unknown or 0 for a part
     */
    public ExpectedContent {
        if (size < -1 || (size < 1 && offset.isPresent())) {
            throw new IllegalArgumentException("a size of " + size + " bytes; -1 stands for unknown");
        }
    }

    /** All of what a URL names. */
    public ExpectedContent(long size, Optional<Digest> digest) {
        this(size, digest, Optional.empty());
    }

    /** The same as a part of what a URL names. */
    public ExpectedContent at(long start) {
        return new ExpectedContent(size, digest, Optional.of(start));
    }
}
