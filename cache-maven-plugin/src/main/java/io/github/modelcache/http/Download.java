package io.github.modelcache.http;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One file on its way into one partial file, however many requests that takes. A large file is fetched in segments where
 * the server sends ranges, everything else over one connection.
 */
final class Download {
    private static final long UNKNOWN = -1;
    /** Shorter files share a connection with others where the server speaks HTTP/2. */
    private static final long LARGE_BYTES = 512 << 10;
    /** A smaller file is fetched again sooner than a note about it is written. */
    private static final long WORTH_RESUMING_BYTES = 128 << 10;

    private final DownloadOrder order;
    private final URI uri;
    private final PartialFile partial;
    private final ExpectedContent expected;
    private final Retries retries;
    private final ConnectionLimits limits;
    private final ReceivedBytes arrivals;
    private final FileVersion version;

    private boolean rangesAllowed = true;
    private boolean segmentsAllowed;
    private boolean refetched;
    private boolean pieced;
    private Optional<Segments.Segment> asked = Optional.empty();
    private Optional<String> etag = Optional.empty();
    private Optional<String> contentType = Optional.empty();

    Download(DownloadOrder order, Retries retries, ConnectionLimits limits) {
        this.order = order;
        this.uri = order.uri();
        this.partial = order.partial();
        this.expected = order.expected();
        this.retries = retries;
        this.limits = limits;
        this.arrivals = new ReceivedBytes(order, retries);
        this.version = new FileVersion(expected);
        this.segmentsAllowed = limits.areWorth(Long.MAX_VALUE);
    }

    /** Over HTTP, continuing what is there. */
    TransferResult fromServer() throws IOException {
        keepWhatIsUsable();
        order.opener().expect(uri, limits.areWorth(expected.size() - partial.size()));
        while (true) {
            if (isComplete()) {
                arrivals.announce(partial.size());
            } else if (!receive()) {
                continue;
            }
            Optional<TransferResult> done = finish();
            if (done.isPresent()) {
                return done.get();
            }
        }
    }

    /** From a file of this machine, always from its start. */
    TransferResult fromFile(Path source) throws IOException {
        partial.restart();
        try (InputStream whole = FileUrls.open(source)) {
            Optional<Slice> slice = order.slice();
            InputStream in = slice.isPresent() ? slice.get().of(whole) : whole;
            long total = slice.isPresent() ? slice.get().length() : Files.size(source);
            requireExpectedSize(total);
            arrivals.requireRoom(total);
            arrivals.announce(total);
            arrivals.copy(in, total);
            arrivals.requireAllBytes(total, true, contentType);
        }
        refetched = true;
        return finish().orElseThrow();
    }

    /** Decides whether an earlier run's bytes may be continued, and hashes them if so. */
    private void keepWhatIsUsable() throws IOException {
        if (partial.isNew()) {
            partial.forget();
            return;
        }
        long length = partial.length();
        Optional<PartialNote> note = partial.note(uri);
        version.set(note.flatMap(PartialNote::validator));
        boolean known = note.isPresent() && version.isKnown();
        boolean fits = expected.size() == UNKNOWN
                || length < expected.size()
                || (length == expected.size()
                        && (expected.digest().isPresent()
                                || note.flatMap(PartialNote::ranges).isPresent()));
        if (length == 0 || !known || !fits) {
            startOver();
            return;
        }
        partial.hashExisting(note.flatMap(PartialNote::ranges));
        arrivals.resumed();
        pieced = true;
    }

    private boolean isComplete() {
        return expected.digest().isPresent()
                && (partial.size() == expected.size()
                        || (partial.size() > 0 && expected.digest().get().equals(partial.digest())));
    }

    /** One request, and those for the segments that follow it; returns whether the file is whole. */
    private boolean receive() throws IOException {
        try (HttpExchange exchange = order.open(uri, request())) {
            contentType = exchange.header("Content-Type");
            if (!accepts(exchange)) {
                return false;
            }
            exchange.requireIdentity();
            long total = ContentRange.total(exchange, asked.isPresent(), partial.size());
            requireExpectedSize(total);
            long goal = total == UNKNOWN ? expected.size() : total;
            arrivals.requireRoom(goal);
            rememberVersion(exchange, goal);
            arrivals.announce(goal);
            if (isSegmented(exchange, total)) {
                return segments(exchange, total);
            }
            arrivals.copy(arrivals.body(exchange), total);
            arrivals.requireAllBytes(total, exchange.header("Transfer-Encoding").isPresent(), contentType);
            return true;
        } catch (TransferException e) {
            retries.next(e); // what arrived stays for the next attempt or run
            return false;
        }
    }

    private HttpRequest request() throws IOException {
        boolean large = expected.size() == UNKNOWN || expected.size() >= LARGE_BYTES;
        if (partial.bytes() > 0 && !(rangesAllowed && version.isKnown())) {
            startOver();
        }
        pieced |= partial.bytes() > 0;
        asked = firstSegment();
        if (asked.isPresent()) {
            return SegmentRequests.of(asked.get().at(), asked.get().to(), version.condition());
        }
        partial.dropIslands(uri, version.validator());
        Map<String, String> headers = new HashMap<>();
        if (partial.size() > 0) {
            headers.put("Range", "bytes=" + partial.size() + "-");
            version.condition().ifPresent(value -> headers.put("If-Range", value));
        }
        return new HttpRequest("GET", headers, Optional.empty(), large);
    }

    /** What to ask for first of a file that is fetched in segments. */
    private Optional<Segments.Segment> firstSegment() {
        boolean worth = partial.bytes() > partial.size() || limits.areWorth(expected.size() - partial.size());
        return segmentsAllowed && rangesAllowed && worth
                ? Segments.first(partial.ranges(), expected.size(), limits.segmentBytes())
                : Optional.empty();
    }

    /** Whether the body belongs at the end of what is there; otherwise the next request starts from zero. */
    private boolean accepts(HttpExchange exchange) throws IOException {
        boolean ranged = partial.size() > 0 || asked.isPresent();
        int status = exchange.status();
        if (ranged && continuesHere(exchange)) {
            return true;
        }
        if (status == 200 && partial.bytes() > 0 && version.isComparedByDate(exchange)) {
            return false;
        }
        if (status == 200) {
            segmentsAllowed &= asked.isEmpty() || partial.bytes() > 0; // it was changed, or ranges are ignored
            if (partial.bytes() > 0) {
                // What is there is given up only for an answer that may be the file.
                exchange.requireIdentity();
                requireExpectedSize(exchange.contentLength());
                startOver();
            }
            return true;
        }
        if (ranged && (status == 206 || status == 416)) {
            if (asked.isPresent()) {
                segmentsAllowed = false;
            } else {
                rangesAllowed = false;
                startOver();
            }
            return false;
        }
        if (TransferErrors.isOfSignature(uri, exchange.uri(), status)) {
            if (arrivals.mayRenew()) {
                return false; // the next request starts at the address that signs
            }
            if (asked.isPresent() && partial.bytes() == 0) {
                segmentsAllowed = false; // some stores forbid ranges only
                return false;
            }
        }
        throw TransferErrors.ofStatus(uri, exchange);
    }

    private boolean continuesHere(HttpExchange exchange) {
        return version.isOf(exchange)
                && ContentRange.of(exchange)
                        .filter(range -> range.from() == partial.size())
                        .filter(range -> asked.map(range::isEndOf).orElseGet(range::isRest))
                        .isPresent();
    }

    private boolean isSegmented(HttpExchange exchange, long total) {
        boolean offered = segmentsAllowed
                && exchange.header("Accept-Ranges").orElse("").strip().equalsIgnoreCase("bytes")
                && version.isKnown();
        return (asked.isPresent() && continuesHere(exchange)) || (offered && limits.areWorth(total));
    }

    /** Over several connections; returns whether the file is whole. */
    private boolean segments(HttpExchange first, long total) throws IOException {
        pieced = true;
        Optional<String> validator = version.validator();
        SegmentRequests requests = new SegmentRequests(order, validator, version.condition(), total, first.uri());
        SegmentedDownload download = new SegmentedDownload(order, limits, requests, validator, total);
        try {
            segmentsAllowed = download.run(first);
            return segmentsAllowed;
        } finally {
            arrivals.add(download.arrived());
        }
    }

    private void requireExpectedSize(long total) throws TransferException {
        if (total != UNKNOWN && expected.size() != UNKNOWN && total != expected.size()) {
            throw TransferErrors.ofSize(uri, total, expected.size(), contentType);
        }
    }

    private void rememberVersion(HttpExchange exchange, long goal) throws IOException {
        etag = exchange.header("ETag");
        if (partial.bytes() == 0) {
            version.set(ContentRange.validator(exchange));
            if (goal == UNKNOWN || goal >= WORTH_RESUMING_BYTES) {
                partial.remember(uri, version.validator());
            }
        }
    }

    /** Checks the digest; empty if the file has to be fetched once more. */
    private Optional<TransferResult> finish() throws IOException {
        Optional<Digest> wanted = expected.digest();
        Digest streamed = partial.digest();
        Digest actual = wanted.isPresent() && wanted.get().algorithm() != streamed.algorithm()
                ? Hashing.digest(partial.path(), wanted.get().algorithm())
                : streamed;
        if (wanted.isPresent() && !wanted.get().equals(actual)) {
            if (pieced && !refetched) {
                refetched = true;
                rangesAllowed = false;
                segmentsAllowed = false;
                startOver();
                return Optional.empty();
            }
            partial.delete();
            throw TransferErrors.ofDigest(uri, actual, wanted.get(), contentType);
        }
        partial.complete();
        return Optional.of(new TransferResult(partial.size(), actual, arrivals.received(), etag, contentType));
    }

    private void startOver() throws IOException {
        partial.restart();
        version.set(Optional.empty());
        pieced = false;
        arrivals.restarted();
    }
}
