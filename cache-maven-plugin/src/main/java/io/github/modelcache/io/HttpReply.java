package io.github.modelcache.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/** The answer to one request, whichever way it came: the head is read, the body not yet. */
interface HttpReply {
    /** A body this small is read to its end so that the connection can be used again. */
    int DISCARD_BYTES = 16 * 1024;

    /** The HTTP status. */
    int status();

    /** One header, found in any letter case; several of one name are joined by {@code ", "}. */
    Optional<String> header(String name);

    /** All headers, found in any letter case. */
    Map<String, String> headers();

    /** The {@code Content-Length} in bytes, or -1. */
    long announcedLength();

    /** The body; for an error status too. */
    InputStream body() throws IOException;

    /**
     * Gives the connection back where it is fit for another request, closes it otherwise.
     *
     * @param whole whether the body was read to its end
     */
    void end(boolean whole);
}
