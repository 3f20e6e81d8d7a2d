package io.github.modelcache.http;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import java.util.Optional;

/**
 * A file that arrived whole.
 *
 * @param size of the whole file in bytes
 * @param digest of its content, with the algorithm of the digest that was expected, or SHA-256
 * @param bytesReceived how many bytes came through the network (or from the source file) this time; less than
 *     {@code size} after a resume, more after a restart
 * @param etag the last answer's {@code ETag} header as it was sent, with its quotes
 * @param contentType the last answer's {@code Content-Type} header
 */
public record TransferResult(
        long size, Digest digest, long bytesReceived, Optional<String> etag, Optional<String> contentType) {

    /**
     * The SHA-256 of its content.
     *
     * @throws IllegalStateException if another kind of digest was expected, and so only that one was computed
     */
    public Digest sha256() {
        if (digest.algorithm() != DigestAlgorithm.SHA256) {
            throw new IllegalStateException("only " + digest + " was computed, as it was expected");
        }
        return digest;
    }
}
