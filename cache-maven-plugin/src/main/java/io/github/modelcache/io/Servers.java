package io.github.modelcache.io;

import java.time.Clock;
import java.time.ZoneId;
import java.util.function.Consumer;

/**
 * What a build has learned about the servers and proxies that it asks: which logins they refused, and which of them do not answer.
 * One for all transfers of a build.
 */
public final class Servers {

    private final Logins logins = new Logins();
    private final Outages outages;

    /**
     * Nothing is known yet.
     *
     * @param news told when a server does not answer
     */
    public Servers(Consumer<String> news) {
        this(news, Clock.system(ZoneId.systemDefault()));
    }

    Servers(Consumer<String> news, Clock clock) {
        outages = new Outages(news, clock);
    }

    Logins logins() {
        return logins;
    }

    Outages outages() {
        return outages;
    }
}
