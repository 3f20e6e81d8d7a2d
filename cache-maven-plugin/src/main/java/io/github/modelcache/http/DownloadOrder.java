package io.github.modelcache.http;

import io.github.modelcache.digest.BufferPool;
import java.net.URI;

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
        BufferPool buffers) {}
