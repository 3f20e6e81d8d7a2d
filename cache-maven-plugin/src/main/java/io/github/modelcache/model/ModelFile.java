package io.github.modelcache.model;

import io.github.modelcache.digest.Digest;
import java.util.Optional;

/**
 * One file of a model.
 *
 * @param path its name within the model, with {@code /} between segments; never leaves the model's folder
 * @param size bytes, or {@link #UNKNOWN_SIZE}
 * @param digest what its content must hash to; empty until the source or the content tells
 * @param url where it comes from
 */
public record ModelFile(String path, long size, Optional<Digest> digest, String url) {

    /** The size of a file whose source has not told it yet. */
    public static final long UNKNOWN_SIZE = -1;

    /** Whether size and digest are known, as the lock requires. */
    public boolean complete() {
        return size != UNKNOWN_SIZE && digest.isPresent();
    }

    /** The same file with what its content turned out to be. */
    public ModelFile found(long actualSize, Digest actual) {
        return new ModelFile(path, actualSize, Optional.of(actual), url);
    }
}
