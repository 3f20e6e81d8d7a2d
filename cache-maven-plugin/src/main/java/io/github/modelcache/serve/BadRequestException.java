package io.github.modelcache.serve;

import java.io.IOException;

/** A request that the server can't read; the connection ends with this status. */
final class BadRequestException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;

    BadRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
