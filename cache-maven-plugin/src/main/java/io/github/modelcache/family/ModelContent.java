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
     * Brings one file's bytes.
     *
     * @param partial where they gather; what an earlier run left there may be continued
     * @throws ModelException when they cannot be fetched, or are not what {@code file} promises
     */
    Received fetch(ModelFile file, Path partial) throws ModelException;

    /**
     * The first digits of the SHA-256 that this file's content must have, where that is all the source tells. A file
     * that lies in the cache already is then taken if it fits.
     */
    default Optional<String> digestPrefix(ModelFile file) {
        return Optional.empty();
    }

    @Override
    default void close() throws IOException {}

    /**
     * What has arrived.
     *
     * @param size bytes of the whole file
     * @param digest of the whole file, with the algorithm that the file's own digest has, or SHA-256
     */
    record Received(long size, Digest digest) {}
}
