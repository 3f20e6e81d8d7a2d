package io.github.modelcache.http;

import java.net.URI;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
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
    private final @Nullable URI answered;
    private final String text;

    /** A failure without an answer of a server, and without a cause. */
    public TransferException(Kind kind, String message) {
        this(kind, message, null);
    }

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
        this(kind, message, status, headers, null, "", cause);
    }

    /**
     * A failure that the answer of a known server tells.
     *
     * @param answered where the answer came from, after all redirects
     * @param text the start of the answer's body, if it was read
     */
    public TransferException(
            Kind kind,
            String message,
            int status,
            Map<String, String> headers,
            @Nullable URI answered,
            String text,
            @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.status = status;
        this.headers.putAll(headers);
        this.answered = answered;
        this.text = text;
    }

    /** The same failure in other words; this one is its cause. */
    public TransferException saying(String message) {
        return saying(message, this);
    }

    /** The same failure in other words. */
    TransferException saying(String message, Throwable cause) {
        return new TransferException(kind, message, status, headers, answered, text, cause);
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

    /** Where the answer came from, after all redirects: perhaps another host than the one that was asked. Not for printing. */
    public Optional<URI> answered() {
        return Optional.ofNullable(answered);
    }

    /** The start of the answer's body where something was sent; otherwise empty. Not for printing as it is. */
    public String text() {
        return text;
    }
}
