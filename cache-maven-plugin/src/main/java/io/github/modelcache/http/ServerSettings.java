package io.github.modelcache.http;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What the user has set for single servers. Asked anew for each hop of a redirect, so that no secret follows to another host. */
@FunctionalInterface
public interface ServerSettings {
    /** Nothing is set. */
    ServerSettings NONE = uri -> Values.NONE;

    /**
     * What is set for exactly this scheme, host and port.
     *
     * @param uri where the request goes, which may be the target of a redirect
     */
    Values of(URI uri);

    /**
     * What is set for a server.
     *
     * @param headers sent with each request; they may hold secrets
     * @param connectTimeout for how long it may leave a connection unanswered; zero waits for ever
     * @param idleTimeout for how long an open connection may bring nothing; zero waits for ever
     */
    record Values(Map<String, String> headers, Optional<Duration> connectTimeout, Optional<Duration> idleTimeout) {
        /** Nothing. */
        public static final Values NONE = new Values(Map.of(), Optional.empty(), Optional.empty());

        /** Copies the headers. */
        public Values {
            headers = Map.copyOf(headers);
        }
    }
}
