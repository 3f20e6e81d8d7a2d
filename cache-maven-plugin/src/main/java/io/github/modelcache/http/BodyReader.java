package io.github.modelcache.http;

import java.io.IOException;
import java.io.InputStream;

/** Who reads the body of an answer as it arrives. It may stop before the end, and is asked again after a failure. */
@FunctionalInterface
public interface BodyReader {
    /**
     * Reads.
     *
     * @throws IOException of the body itself only
     */
    void read(InputStream body) throws IOException;
}
