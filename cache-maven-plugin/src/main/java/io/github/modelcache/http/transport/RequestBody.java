package io.github.modelcache.http.transport;

import java.io.IOException;
import java.io.OutputStream;

/** The content of a request. */
public interface RequestBody {

    /** Bytes. */
    long length();

    /**
     * Writes all of it.
     *
     * @throws IOException when it can't be read, or the server does not take it
     */
    void writeTo(OutputStream out) throws IOException;
}
