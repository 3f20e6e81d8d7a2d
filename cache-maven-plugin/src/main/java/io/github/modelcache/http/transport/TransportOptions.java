package io.github.modelcache.http.transport;

import java.time.Duration;

/**
 * Limits of {@link HttpTransport}.
 *
 * @param connectTimeout how long one address of a server may leave a connection unanswered; zero waits for ever
 * @param idleTimeout how long an open connection may neither send nor take a byte; zero waits for ever
 * @param connections how many HTTP/1.1 connections may be used at once; requests wait for one beyond that
 */
public record TransportOptions(Duration connectTimeout, Duration idleTimeout, int connections) {
    private static final int MANY = 256;

    /** Limits of time only. */
    public TransportOptions(Duration connectTimeout, Duration idleTimeout) {
        this(connectTimeout, idleTimeout, MANY);
    }
}
