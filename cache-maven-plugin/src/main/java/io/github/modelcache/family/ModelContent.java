package io.github.modelcache.family;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.model.ModelFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The files of one model, ready to be fetched; several threads may fetch at once. */
public interface ModelContent extends Closeable {

    /**
     * Fetches a file.
     *
     * @param partial receives the bytes; a partial download of an earlier run may be resumed
     * @throws ModelException if it can't be fetched, or differs from {@code file}
     */
    Received fetch(ModelFile file, Path partial) throws ModelException;

    /**
     * The first digits of the SHA-256 of this file, if the source tells no more. A file in the cache is used if it has
     * them.
     */
    default Optional<String> digestPrefix(ModelFile file) {
        return Optional.empty();
    }

    @Override
    default void close() throws IOException {}

    /**
     * A file that was fetched.
     *
     * @param size bytes of the whole file
     * @param digest of the whole file, with the algorithm that the file's own digest has, or SHA-256
     */
    record Received(long size, Digest digest) {}
}
