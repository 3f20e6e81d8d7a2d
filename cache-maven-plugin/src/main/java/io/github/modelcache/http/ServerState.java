package io.github.modelcache.http;

import java.time.Clock;
import java.time.ZoneId;
import java.util.function.Consumer;

/**
 * What a build has learned about the servers and proxies that it asks: which logins they refused, which of them
 * do not answer, and how many requests they still allow.
 * One for all transfers of a build.
 */
public final class ServerState {

    private final RejectedLogins logins = new RejectedLogins();
    private final RequestBudgets budgets;
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
        this(new ServerOutages(news, clock), new RequestBudgets(System::nanoTime));
    }

    ServerState(ServerOutages outages, RequestBudgets budgets) {
        this.outages = outages;
        this.budgets = budgets;
    }

    RejectedLogins logins() {
        return logins;
    }

    ServerOutages outages() {
        return outages;
    }

    RequestBudgets budgets() {
        return budgets;
    }
}
