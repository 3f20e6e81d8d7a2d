package io.github.modelcache.http.transport;

import java.io.IOException;

/** A connection that ended, or a stream that the server gave up, before the head of the answer. */
final class ConnectionLostException extends IOException {
    private static final long serialVersionUID = 1L;

    ConnectionLostException(Exception cause) {
        super("the server ended the connection (" + cause.getMessage() + ")", cause);
    }
}
