package io.github.modelcache.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file of this machine can't be read while it is sent: not a problem of the connection, so trying again is of no use. */
public final class UnreadableFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /** With the file's name and what to do in the message. */
    public UnreadableFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
