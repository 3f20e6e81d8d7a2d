package io.github.modelcache.model;

import io.github.modelcache.digest.Digest;
import java.util.Optional;

/**
 * One file of a model.
 *
 * @param path relative to the model's folder, with {@code /} between segments
 * @param size bytes, or {@link #UNKNOWN_SIZE}
 * @param digest the digest of its content; empty if it is unknown
 */
public record ModelFile(String path, long size, Optional<Digest> digest, String url) {

    /** The size of a file whose source does not state it. */
    public static final long UNKNOWN_SIZE = -1;

    /** Whether size and digest are known, as the lock requires. */
    public boolean complete() {
        return size != UNKNOWN_SIZE && digest.isPresent();
    }

    /** The same file with its actual size and digest. */
    public ModelFile found(long actualSize, Digest actual) {
        return new ModelFile(path, actualSize, Optional.of(actual), url);
    }
}
