package io.github.modelcache.http;

import java.time.Duration;

/**
 * Time limits of {@link HttpTransport}.
 *
 * @param connectTimeout how long one address of a server may leave a connection unanswered; zero waits for ever
 * @param idleTimeout how long an open connection may neither send nor take a byte; zero waits for ever
 */
public record TransportOptions(Duration connectTimeout, Duration idleTimeout) {}
