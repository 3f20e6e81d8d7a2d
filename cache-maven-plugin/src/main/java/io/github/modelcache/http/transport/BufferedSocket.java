package io.github.modelcache.http.transport;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * A socket that asks the system for much at once. Java's TLS reads the head of each record of 16 KiB, then its rest, so
 * that half of the system calls would bring five bytes.
 */
final class BufferedSocket extends Socket {
    private static final int BUFFER_BYTES = 128 * 1024;

    private @Nullable InputStream buffered;

    BufferedSocket(Proxy proxy) {
        super(proxy);
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
        InputStream known = buffered;
        if (known == null) {
            known = new BufferedInputStream(super.getInputStream(), BUFFER_BYTES);
            buffered = known;
        }
        return known;
    }
}
