package io.github.modelcache.io;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A transfer that failed. The message names the URL without its query, what happened, and what to do next. */
public class TransferException extends java.io.IOException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Kind {
        /** The server has no such file: 404 or 410. */
        NOT_FOUND,
        /** Credentials are missing or wrong: 401, or 407 from a proxy. */
        UNAUTHORIZED,
        /** The credentials do not suffice: 403. */
        FORBIDDEN,
        /** Too many requests: 429, or a server that asks to wait longer than is sensible. */
        RATE_LIMITED,
        /** Any other 4xx status. */
        CLIENT_ERROR,
        /** A 5xx status, or an answer that makes no sense or is refused. */
        SERVER_ERROR,
        /** The body ended early, more often than was retried. */
        TRUNCATED,
        /** The body is longer than expected. */
        TOO_LONG,
        /** The server announces, or sent, fewer bytes than expected. */
        SIZE_MISMATCH,
        /** All bytes came, but not those that were expected. */
        DIGEST_MISMATCH,
        /** Redirects that come back to where they were, or more than 20. */
        REDIRECT_LOOP,
        /** The server did not answer, or stopped sending, within the time limit. */
        TIMEOUT,
        /** No connection: no network, no such host, refused, or its certificate is not trusted. */
        UNREACHABLE,
        /** The disk has too little room. */
        DISK_FULL
    }

    private final Kind kind;
    private final int status;
    private final TreeMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /** A failure without an answer of a server. */
    public TransferException(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, message, -1, Map.of(), cause);
    }

    /**
     * A failure that a server's answer tells.
     *
     * @param status the HTTP status, or -1 without one
     * @param headers of the answer
     */
    public TransferException(
            Kind kind, String message, int status, Map<String, String> headers, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.status = status;
        this.headers.putAll(headers);
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }

    /** The HTTP status, if a server answered. */
    public OptionalInt status() {
        return status < 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }

    /** The answer's headers, found in any letter case; empty if no server answered. Not for printing: they may tell secrets. */
    public Map<String, String> headers() {
        return Collections.unmodifiableMap(headers);
    }
}
