package io.github.modelcache.http;

import io.github.modelcache.http.TransferException.Kind;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts attempts without progress and waits between them, as long as the server asks for. */
final class Retries {
    private static final int[] BACKOFF_SECONDS = {1, 2, 4, 8, 8};
    private static final int RETRIES_OF_A_REFUSED_CONNECTION = 3;
    private static final Pattern REMAINING = Pattern.compile("(?:^|;)\\s*r\\s*=\\s*(\\d{1,12})");
    private static final Pattern RESET = Pattern.compile("(?:^|;)\\s*t\\s*=\\s*(\\d{1,12})");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,12}");

    private final URI uri;
    private final HttpOptions options;
    private int failures;

    Retries(URI uri, HttpOptions options) {
        this.uri = uri;
        this.options = options;
    }

    /** New bytes arrived: the count starts again. */
    void progressed() {
        failures = 0;
    }

    /**
     * Waits before the next attempt.
     *
     * @throws TransferException {@code failure}, if another attempt makes no sense
     * @throws InterruptedIOException if the thread was interrupted while it waited
     */
    void next(TransferException failure) throws TransferException, InterruptedIOException {
        failures++;
        int most = most(failure);
        if (!TransferErrors.isTransient(failure) || failures > most) {
            if (TransferErrors.isOutage(failure)) {
                options.known().outages().giveUp(uri);
            }
            throw TransferErrors.afterAttempts(failure, failures);
        }
        Duration wait = wait(failure);
        if (wait.compareTo(options.limits().longestWait()) > 0) {
            throw new TransferException(
                    Kind.RATE_LIMITED,
                    Urls.display(uri) + " asks to wait " + wait.toSeconds() + " s, longer than the "
                            + options.limits().longestWait().toSeconds()
                            + " s that are waited here; try again later, or send credentials,"
                            + " which often raises the limit",
                    failure.status().orElse(-1),
                    failure.headers(),
                    failure);
        }
        options.known().outages().retrying(uri, failure, atMost(failure, wait, most));
        options.sleep(uri, wait);
    }

    private Duration wait(TransferException failure) {
        int status = failure.status().orElse(-1);
        Optional<Duration> asked = status == 429 || status == 503 ? asked(failure.headers()) : Optional.empty();
        return asked.orElseGet(() -> backoff(failures));
    }

    private static Duration backoff(int failures) {
        return Duration.ofSeconds(BACKOFF_SECONDS[Math.min(failures, BACKOFF_SECONDS.length) - 1]);
    }

    /** How often a request is sent again. */
    private int most(TransferException failure) {
        if (TransferErrors.isOutage(failure) && options.known().outages().isGivenUp(uri)) {
            return 0;
        }
        return TransferErrors.isRefusedConnection(failure)
                ? Math.min(RETRIES_OF_A_REFUSED_CONNECTION, options.limits().retries())
                : options.limits().retries();
    }

    /** For how long requests are sent again, if each of them fails like this one. */
    private Duration atMost(TransferException failure, Duration first, int most) {
        Duration sum = first;
        for (int next = failures + 1; next <= most; next++) {
            sum = sum.plus(backoff(next));
        }
        boolean silent = failure.status().isEmpty() && failure.kind() == Kind.TIMEOUT;
        return silent ? sum.plus(options.limitsFor(uri).connectTimeout().multipliedBy(most - failures + 1L)) : sum;
    }

    /** How long a 429 or 503 answer asks to wait. */
    static Optional<Duration> asked(Map<String, String> headers) {
        return rateLimit(headers.getOrDefault("RateLimit", ""))
                .or(() -> retryAfter(headers))
                .or(() -> reset(headers.getOrDefault("RateLimit-Reset", "")));
    }

    /**
     * {@code "name";r=0;t=55}: nothing remains, the window ends in 55 s. Several limits are divided by commas.
     *
     * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/">RateLimit header fields</a>
     */
    private static Optional<Duration> rateLimit(String header) {
        long longest = -1;
        for (String limit : Pattern.compile(",").splitAsStream(header).toList()) {
            Matcher remaining = REMAINING.matcher(limit);
            Matcher reset = RESET.matcher(limit);
            if (remaining.find() && Long.parseLong(remaining.group(1)) == 0 && reset.find()) {
                longest = Math.max(longest, Long.parseLong(reset.group(1)) + 1);
            }
        }
        return longest < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(longest));
    }

    /** Seconds or an HTTP date, which is taken against the server's own clock where the answer tells it. */
    private static Optional<Duration> retryAfter(Map<String, String> headers) {
        String value = headers.getOrDefault("Retry-After", "").strip();
        if (NUMBER.matcher(value).matches()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        return date(value).map(until -> {
            Instant now = date(headers.getOrDefault("Date", "")).orElseGet(Instant::now);
            return until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
        });
    }

    private static Optional<Duration> reset(String header) {
        String value = header.strip();
        return NUMBER.matcher(value).matches()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(value)))
                : Optional.empty();
    }

    private static Optional<Instant> date(String value) {
        try {
            return value.isEmpty()
                    ? Optional.empty()
                    : Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
