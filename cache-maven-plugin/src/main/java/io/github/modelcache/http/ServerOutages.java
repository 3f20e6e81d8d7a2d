package io.github.modelcache.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says which servers do not answer, while they are still waited for and asked again, and remembers those that were given up: they
 * get one more request each time, no longer wait.
 */
final class ServerOutages {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final Duration TELLING_WAIT = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final Duration silence;
    private final Consumer<String> news;
    private final Clock clock;
    private final Map<String, Instant> told = new ConcurrentHashMap<>();
    private final Set<String> givenUp = ConcurrentHashMap.newKeySet();

    ServerOutages(Consumer<String> news, Clock clock) {
        this(news, clock, SILENCE);
    }

    /**
     * No server is known to be down.
     *
     * @param silence how long a server may leave a request unanswered before that is told
     */
    ServerOutages(Consumer<String> news, Clock clock, Duration silence) {
        this.silence = silence;
        this.news = news;
        this.clock = clock;
    }

    /**
     * A request failed and is sent again.
     *
     * @param atMost how long that goes on
     */
    void retrying(URI uri, TransferException failure, Duration atMost) {
        tell("retrying " + Urls.server(uri), atMost, what(failure) + ". Trying again until ");
    }

    /** A request waits because the server allows few more. */
    void pacing(URI uri, Duration wait) {
        if (wait.compareTo(TELLING_WAIT) >= 0) {
            tell(
                    "pacing " + Urls.server(uri),
                    wait,
                    Urls.server(uri) + " allows only few more requests. Waiting until ");
        }
    }

    /** What happened, without what to do next. */
    private static String what(TransferException failure) {
        String message = String.valueOf(failure.getMessage());
        int advice = message.indexOf("; ");
        return advice < 0 ? message : message.substring(0, advice);
    }

    /** Once for each server and outage, however many files it concerns. */
    private void tell(String outage, Duration atMost, String text) {
        Instant now = clock.instant();
        Instant until = now.plus(atMost);
        Instant before = told.putIfAbsent(outage, until);
        if (before == null || (before.isBefore(now) && told.replace(outage, before, until))) {
            String time = TIME.withZone(clock.getZone()).format(until.plusSeconds(1));
            news.accept(text + time);
        }
    }

    /** Whether a server was given up and has not answered since. */
    boolean isGivenUp(URI uri) {
        return givenUp.contains(Urls.server(uri));
    }

    /** A server did not answer as often as it was asked. */
    void giveUp(URI uri) {
        givenUp.add(Urls.server(uri));
    }

    /**
     * Waits for an answer, and says so where it takes long.
     *
     * @param atMost how long the answer may take; zero if that can't be told
     */
    <T> T answer(URI uri, Proxy proxy, Duration atMost, RejectedLogins.Sending<T> sending) throws IOException {
        CompletableFuture<Boolean> answered =
                new CompletableFuture<Boolean>().completeOnTimeout(false, silence.toNanos(), TimeUnit.NANOSECONDS);
        CompletableFuture<Void> waiting = answered.thenAccept(came -> {
            if (!came && atMost.compareTo(silence) > 0) {
                String server = Urls.server(uri) + through(proxy);
                tell("waiting " + server, atMost.minus(silence), "Waiting for an answer from " + server + " until ");
            }
        });
        try {
            T answer = sending.send();
            givenUp.remove(Urls.server(uri));
            return answer;
        } finally {
            answered.complete(true);
            waiting.cancel(false);
        }
    }

    /** How messages name the way to a server. */
    static String through(Proxy proxy) {
        return proxy.type() == Proxy.Type.DIRECT ? "" : " through the proxy" + address(proxy);
    }

    static String address(Proxy proxy) {
        return proxy.address() instanceof InetSocketAddress address
                ? " " + address.getHostString() + ":" + address.getPort()
                : "";
    }
}
