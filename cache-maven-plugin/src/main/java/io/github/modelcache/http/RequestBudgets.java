package io.github.modelcache.http;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many requests servers still allow, by what their answers say. Where little is left, requests are spread over the time
 * that it has to last, so that no server has to refuse one. For several threads.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/">RateLimit header fields</a>
 */
final class RequestBudgets {
    /** Requests are as fast as can be while more than one in so many is left. */
    private static final int SCARCE = 5;

    private static final Pattern LIMIT = Pattern.compile("\\s*(\"[^\"]{1,60}\"|[^;,\\s\"]{1,60})\\s*;([^,]{1,200})");
    private static final Pattern NUMBER = Pattern.compile("\\b([rtq])\\s*=\\s*(\\d{1,9})\\b");

    private final LongSupplier nanos;
    /** The budgets of a server by name. */
    private final Map<String, Budget> budgets = new HashMap<>();
    /** Which budget requests of a kind use up. */
    private final Map<String, String> kinds = new HashMap<>();

    RequestBudgets(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private static final class Budget {
        private long left;
        private long quota;
        private long resetAt;
        private long nextAt;
    }

    /** Takes one request out of its budget, and says how long it has to wait. */
    synchronized Duration take(URI uri) {
        if (budgets.isEmpty()) {
            return Duration.ZERO;
        }
        Budget budget = budgets.get(kinds.getOrDefault(kind(uri), ""));
        long now = nanos.getAsLong();
        if (budget == null || now >= budget.resetAt) {
            return Duration.ZERO;
        }
        if (budget.left == 0) {
            return Duration.ofNanos(budget.resetAt - now);
        }
        budget.left--;
        if (budget.left >= budget.quota / SCARCE) {
            return Duration.ZERO;
        }
        long at = Math.max(now, budget.nextAt);
        budget.nextAt = at + Math.max(0, budget.resetAt - at) / (budget.left + 2);
        return Duration.ofNanos(at - now);
    }

    /** Reads what an answer says of its budgets. */
    void learn(URI uri, Map<String, String> headers) {
        String limits = headers.getOrDefault("RateLimit", "");
        if (!limits.isEmpty()) {
            learn(uri, limits, headers);
        }
    }

    private synchronized void learn(URI uri, String limits, Map<String, String> headers) {
        Matcher limit = LIMIT.matcher(limits);
        for (boolean first = true; limit.find(); first = false) {
            Map<String, Long> numbers = numbers(limit.group(2));
            if (!numbers.containsKey("r") || !numbers.containsKey("t")) {
                continue;
            }
            String name = Urls.server(uri) + " " + limit.group(1);
            if (first) {
                kinds.put(kind(uri), name);
            }
            long quota = quota(headers.getOrDefault("RateLimit-Policy", ""), limit.group(1));
            update(budgets.computeIfAbsent(name, key -> new Budget()), numbers.get("r"), numbers.get("t"), quota);
        }
    }

    private void update(Budget budget, long left, long seconds, long quota) {
        long now = nanos.getAsLong();
        boolean same = now < budget.resetAt;
        budget.resetAt = now + Duration.ofSeconds(seconds + 1).toNanos();
        budget.left = same ? Math.min(budget.left, left) : left; // answers may overtake one another
        budget.quota = Math.max(quota, same ? budget.quota : left);
    }

    private static long quota(String policies, String name) {
        Matcher policy = LIMIT.matcher(policies);
        while (policy.find()) {
            if (policy.group(1).equals(name)) {
                return numbers(policy.group(2)).getOrDefault("q", 0L);
            }
        }
        return 0;
    }

    private static Map<String, Long> numbers(String text) {
        Map<String, Long> numbers = new HashMap<>();
        Matcher number = NUMBER.matcher(text);
        while (number.find()) {
            numbers.put(number.group(1), Long.parseLong(number.group(2)));
        }
        return numbers;
    }

    /** Servers count calls of an interface apart from files: by the path of an interface, all others together. */
    private static String kind(URI uri) {
        String[] path =
                String.valueOf(uri.getRawPath()).toLowerCase(Locale.ROOT).split("/", 4);
        boolean api = path.length > 2 && path[1].equals("api");
        return Urls.server(uri) + (api ? " /api/" + path[2] : "");
    }
}
