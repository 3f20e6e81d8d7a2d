package io.github.modelcache.io;

import java.util.Optional;

/**
 * A file that arrived whole.
 *
 * @param size of the whole file in bytes
 * @param sha256 of its content
 * @param bytesReceived how many bytes came through the network (or from the source file) this time; less than
 *     {@code size} after a resume, more after a restart
 * @param etag the last answer's {@code ETag} header as it was sent, with its quotes
 * @param contentType the last answer's {@code Content-Type} header
 */
public record Transferred(
        long size, Digest sha256, long bytesReceived, Optional<String> etag, Optional<String> contentType) {}
