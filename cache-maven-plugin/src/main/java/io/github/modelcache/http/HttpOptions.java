package io.github.modelcache.http;

import java.net.URI;
import java.time.Duration;

/**
 * How {@link HttpTransfer} behaves.
 *
 * @param connectTimeout for how long a server may leave a connection unanswered; zero waits for ever
 * @param idleTimeout for how long an open connection may bring nothing; zero waits for ever
 * @param retries how many attempts may follow one another without a new byte before it gives up; 0 tries once
 * @param pause waits between attempts
 * @param credentials who may see what
 * @param proxies through which proxy
 * @param longestWait for how long a server may ask to wait; one that asks for more is given up
 * @param userAgent the {@code User-Agent} header
 * @param servers what is set for single servers
 * @param known what the build has learned about servers
 * @param connections how many HTTP/1.1 connections may be used at once
 */
public record HttpOptions(
        Duration connectTimeout,
        Duration idleTimeout,
        int retries,
        Sleeper pause,
        Credentials credentials,
        ProxySelection proxies,
        Duration longestWait,
        String userAgent,
        ServerSettings servers,
        ServerState known,
        int connections) {

    private static final int MANY = 256;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

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
                connectTimeout,
                idleTimeout,
                retries,
                pause,
                credentials,
                proxies,
                longestWait,
                userAgent,
                ServerSettings.NONE,
                new ServerState(news -> {}),
                MANY);
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a duration or {@code retries} is negative
     */
    public HttpOptions {
        if (connectTimeout.isNegative() || idleTimeout.isNegative() || longestWait.isNegative() || retries < 0) {
            throw new IllegalArgumentException("time limits and retries must not be negative");
        }
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
        return new HttpOptions(
                connectTimeout,
                idleTimeout,
                retries,
                pause,
                other,
                proxies,
                longestWait,
                userAgent,
                servers,
                known,
                connections);
    }

    /** The same with other proxies. */
    public HttpOptions withProxies(ProxySelection other) {
        return new HttpOptions(
                connectTimeout,
                idleTimeout,
                retries,
                pause,
                credentials,
                other,
                longestWait,
                userAgent,
                servers,
                known,
                connections);
    }

    /** The same with settings of single servers. */
    public HttpOptions withServers(ServerSettings other) {
        return new HttpOptions(
                connectTimeout,
                idleTimeout,
                retries,
                pause,
                credentials,
                proxies,
                longestWait,
                userAgent,
                other,
                known,
                connections);
    }

    /** The same with the time limits that hold for a server. */
    HttpOptions limitedFor(URI uri) {
        ServerSettings.Values own = servers.of(uri);
        return new HttpOptions(
                own.connectTimeout().orElse(connectTimeout),
                own.idleTimeout().orElse(idleTimeout),
                retries,
                pause,
                credentials,
                proxies,
                longestWait,
                userAgent,
                servers,
                known,
                connections);
    }

    /** The same with another number of connections. */
    public HttpOptions withConnections(int other) {
        return new HttpOptions(
                connectTimeout,
                idleTimeout,
                retries,
                pause,
                credentials,
                proxies,
                longestWait,
                userAgent,
                servers,
                known,
                other);
    }

    /** The same for a build that has learned this. */
    public HttpOptions withKnown(ServerState other) {
        return new HttpOptions(
                connectTimeout,
                idleTimeout,
                retries,
                pause,
                credentials,
                proxies,
                longestWait,
                userAgent,
                servers,
                other,
                connections);
    }
}
