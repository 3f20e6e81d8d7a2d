package io.github.modelcache.http;

import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;

/**
 * How {@link HttpTransfer} behaves.
 *
 * @param limits of time and number
 * @param pause waits between attempts
 * @param credentials who may see what
 * @param proxies through which proxy
 * @param userAgent the {@code User-Agent} header
 * @param servers what is set for single servers
 * @param known what the build has learned about servers
 */
public record HttpOptions(
        Limits limits,
        Sleeper pause,
        Credentials credentials,
        ProxySelection proxies,
        String userAgent,
        ServerSettings servers,
        ServerState known) {

    private static final int MANY = 256;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /**
     * Limits.
     *
     * @param connectTimeout for how long a server may leave a connection unanswered; zero waits for ever
     * @param idleTimeout for how long an open connection may bring nothing; zero waits for ever
     * @param retries how many attempts may follow one another without a new byte before it gives up; 0 tries once
     * @param longestWait for how long a server may ask to wait; one that asks for more is given up
     * @param connections how many HTTP/1.1 connections may be used at once
     */
    public record Limits(
            Duration connectTimeout, Duration idleTimeout, int retries, Duration longestWait, int connections) {

        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a duration or {@code retries} is negative
         */
        public Limits {
            if (connectTimeout.isNegative() || idleTimeout.isNegative() || longestWait.isNegative() || retries < 0) {
                throw new IllegalArgumentException("time limits and retries must not be negative");
            }
        }
    }

    /** Options that let a server ask for 5 minutes, of a build that knows nothing of servers. */
    public HttpOptions(
            Duration connectTimeout,
            Duration idleTimeout,
            int retries,
            Sleeper pause,
            Credentials credentials,
            ProxySelection proxies,
            String userAgent) {
        this(connectTimeout, idleTimeout, retries, pause, credentials, proxies, PATIENCE, userAgent);
    }

    /** Options that hold for all servers. */
    public HttpOptions(
            Duration connectTimeout,
            Duration idleTimeout,
            int retries,
            Sleeper pause,
            Credentials credentials,
            ProxySelection proxies,
            Duration longestWait,
            String userAgent) {
        this(
                new Limits(connectTimeout, idleTimeout, retries, longestWait, MANY),
                pause,
                credentials,
                proxies,
                userAgent,
                ServerSettings.NONE,
                new ServerState(news -> {}));
    }

    /** 10 s to connect, 60 s idle, 5 retries, waits of 5 minutes at most, no credentials, the system's proxies. */
    public static HttpOptions standard(String userAgent) {
        return new HttpOptions(
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                5,
                Sleeper.SYSTEM,
                Credentials.NONE,
                ProxySelection.SYSTEM,
                userAgent);
    }

    /** The same with other credentials. */
    public HttpOptions withCredentials(Credentials other) {
        return new HttpOptions(limits, pause, other, proxies, userAgent, servers, known);
    }

    /** The same with other proxies. */
    public HttpOptions withProxies(ProxySelection other) {
        return new HttpOptions(limits, pause, credentials, other, userAgent, servers, known);
    }

    /** The same with settings of single servers. */
    public HttpOptions withServers(ServerSettings other) {
        return new HttpOptions(limits, pause, credentials, proxies, userAgent, other, known);
    }

    /** The same for a build that has learned this. */
    public HttpOptions withKnown(ServerState other) {
        return new HttpOptions(limits, pause, credentials, proxies, userAgent, servers, other);
    }

    /** The same with another number of connections. */
    public HttpOptions withConnections(int other) {
        Limits more = new Limits(limits.connectTimeout, limits.idleTimeout, limits.retries, limits.longestWait, other);
        return new HttpOptions(more, pause, credentials, proxies, userAgent, servers, known);
    }

    /** Waits before a request. */
    void sleep(URI uri, Duration wait) throws InterruptedIOException {
        try {
            pause.pause(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted =
                    new InterruptedIOException(Urls.display(uri) + ": interrupted while waiting to try again");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    /** The limits that hold for a server. */
    Limits limitsFor(URI uri) {
        ServerSettings.Values own = servers.of(uri);
        return new Limits(
                own.connectTimeout().orElse(limits.connectTimeout),
                own.idleTimeout().orElse(limits.idleTimeout),
                limits.retries,
                limits.longestWait,
                limits.connections);
    }
}
