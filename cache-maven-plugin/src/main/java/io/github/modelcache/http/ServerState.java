package io.github.modelcache.http;

import java.time.Clock;
import java.time.ZoneId;
import java.util.function.Consumer;

/**
 * What a build has learned about the servers and proxies that it asks: which logins they refused, and which of them do not answer.
 * One for all transfers of a build.
 */
public final class ServerState {

    private final RejectedLogins logins = new RejectedLogins();
    private final ServerOutages outages;

    /**
     * Nothing is known yet.
     *
     * @param news told when a server does not answer
     */
    public ServerState(Consumer<String> news) {
        this(news, Clock.system(ZoneId.systemDefault()));
    }

    ServerState(Consumer<String> news, Clock clock) {
        outages = new ServerOutages(news, clock);
    }

    RejectedLogins logins() {
        return logins;
    }

    ServerOutages outages() {
        return outages;
    }
}
