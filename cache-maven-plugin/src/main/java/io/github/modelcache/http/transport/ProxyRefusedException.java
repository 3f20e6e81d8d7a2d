package io.github.modelcache.http.transport;

import java.io.IOException;

/** A proxy that did not open a tunnel to the server. */
public final class ProxyRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    ProxyRefusedException(String proxy, int status) {
        super("the proxy " + proxy + " answered " + status);
        this.status = status;
    }

    /** The HTTP status of the proxy's answer. */
    public int status() {
        return status;
    }
}
