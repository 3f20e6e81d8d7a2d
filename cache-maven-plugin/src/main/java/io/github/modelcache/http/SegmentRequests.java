package io.github.modelcache.http;

import io.github.modelcache.http.Segments.Segment;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks for segments at the address that the first answer came from. Where that is signed and expires, one request goes to
 * the address that was asked for, and the others follow to where it leads.
 */
final class SegmentRequests {
    /** What servers say of an address whose time is over. */
    private static final Set<Integer> EXPIRED = Set.of(400, 401, 403, 404, 410);

    private final DownloadOrder order;
    private final Optional<String> validator;
    private final Optional<String> condition;
    private final long total;
    private URI address;
    private boolean renewing;

    /**
     * Requests for parts of one version of a file.
     *
     * @param validator the ETag or date of this version of the file
     * @param condition the value of {@code If-Range}, if one is sent
     * @param total the length of the file in bytes
     */
    SegmentRequests(
            DownloadOrder order, Optional<String> validator, Optional<String> condition, long total, URI address) {
        this.order = order;
        this.validator = validator;
        this.condition = condition;
        this.total = total;
        this.address = address;
    }

    /** A request for some bytes of a file; {@code to} is the first byte after them. */
    static HttpRequest of(long from, long to, Optional<String> condition) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Range", "bytes=" + from + "-" + (to - 1));
        condition.ifPresent(value -> headers.put("If-Range", value));
        return new HttpRequest("GET", headers, Optional.empty(), true);
    }

    /** Asks for what is missing of a segment. */
    HttpExchange open(Segment segment) throws IOException {
        HttpRequest request = of(segment.at(), segment.to(), condition);
        URI used = current();
        HttpExchange exchange = order.open(used, request);
        if (used.equals(order.uri()) || !EXPIRED.contains(exchange.status())) {
            return exchange;
        }
        exchange.close();
        if (!isFirstToRenew(used)) {
            return order.open(current(), request);
        }
        HttpExchange renewed = null;
        try {
            renewed = order.open(order.uri(), request);
            return renewed;
        } finally {
            renewed(renewed == null ? used : renewed.uri());
        }
    }

    private synchronized URI current() throws InterruptedIOException {
        while (renewing) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException(Urls.display(order.uri()) + ": interrupted while downloading");
            }
        }
        return address;
    }

    private synchronized boolean isFirstToRenew(URI used) {
        boolean first = !renewing && address.equals(used);
        renewing |= first;
        return first;
    }

    private synchronized void renewed(URI other) {
        address = other;
        renewing = false;
        notifyAll();
    }

    /**
     * Whether an answer is this segment of this version.
     *
     * @throws TransferException if it is an error
     */
    boolean isPart(HttpExchange exchange, Segment segment) throws TransferException {
        if (exchange.status() != 416 && (exchange.status() < 200 || exchange.status() > 299)) {
            exchange.abort(); // another connection may be served
            throw TransferErrors.ofStatus(order.uri(), exchange);
        }
        String encoding = exchange.header("Content-Encoding").orElse("identity").strip();
        return ContentRange.of(exchange)
                        .filter(range -> range.from() == segment.at() && range.last() == segment.to() - 1)
                        .filter(range -> range.total() < 0 || range.total() == total)
                        .isPresent()
                && encoding.equalsIgnoreCase("identity")
                && ContentRange.isOf(validator, exchange);
    }
}
