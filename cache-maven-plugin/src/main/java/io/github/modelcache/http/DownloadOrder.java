package io.github.modelcache.http;

import io.github.modelcache.digest.BufferPool;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/**
 * What is fetched, and into what.
 *
 * @param uri what was asked for, before redirects
 * @param opener makes requests
 * @param buffers for what arrives
 */
record DownloadOrder(
        URI uri,
        PartialFile partial,
        ExpectedContent expected,
        TransferProgress progress,
        HttpOpener opener,
        BufferPool buffers) {

    /** Sends a request for bytes of what is fetched. */
    HttpExchange open(URI at, HttpRequest request) throws IOException {
        Optional<Slice> slice = slice();
        return slice.isPresent() ? slice.get().open(opener, at, request) : opener.open(at, request);
    }

    /** The part of what the URL names that is fetched; empty for all. */
    Optional<Slice> slice() {
        return expected.offset().map(offset -> new Slice(offset, expected.size()));
    }
}
