package io.github.modelcache.http.transport;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/** The answer to one request: its head is read, its body not yet. */
public interface TransportResponse {
    /** The HTTP status, 200 or more. */
    int status();

    /** One header, found in any letter case; several of one name are joined by {@code ", "}. */
    Optional<String> header(String name);

    /** All headers, found in any letter case. */
    Map<String, String> headers();

    /** The {@code Content-Length} in bytes, or -1. */
    long announcedLength();

    /** The body; for an error status too. Closing it does nothing. */
    InputStream body() throws IOException;

    /** Keeps the connection for another request if the body is read to its end or short, closes it otherwise. */
    void end();

    /** Closes the connection, or ends the stream, whatever is left of the body; from any thread. */
    void abort();
}
