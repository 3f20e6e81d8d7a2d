package io.github.modelcache.http;

import io.github.modelcache.digest.BufferPool;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.digest.HashingSink;
import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.http.TransferException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One file on its way into one partial file, however many requests that takes. */
final class Download {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
    private static final long UNKNOWN = -1;
    /** Shorter files share a connection with others where the server speaks HTTP/2. */
    private static final long LARGE_BYTES = 512 << 10;
    /** A smaller file is fetched again sooner than a note about it is written. */
    private static final long WORTH_RESUMING_BYTES = 128 << 10;

    private final URI uri;
    private final PartialFile partial;
    private final ExpectedContent expected;
    private final TransferProgress progress;
    private final Retries retries;
    private final BufferPool buffers;

    private boolean rangesAllowed = true;
    private boolean refetched;
    private boolean pieced;
    private boolean announced;
    private boolean renewed;
    private long furthest;
    private long received;
    private Optional<String> validator = Optional.empty();
    private Optional<String> etag = Optional.empty();
    private Optional<String> contentType = Optional.empty();

    Download(
            URI uri,
            PartialFile partial,
            ExpectedContent expected,
            TransferProgress progress,
            Retries retries,
            BufferPool buffers) {
        this.uri = uri;
        this.partial = partial;
        this.expected = expected;
        this.progress = progress;
        this.retries = retries;
        this.buffers = buffers;
    }

    /** Over HTTP, continuing what is there. */
    TransferResult fromServer(HttpExchange.Opener opener) throws IOException {
        keepWhatIsUsable();
        while (true) {
            if (isComplete()) {
                announce(partial.size());
            } else if (!receive(opener)) {
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
        try (InputStream in = open(source)) {
            long total = Files.size(source);
            requireExpectedSize(total);
            requireRoom(total);
            announce(total);
            copy(in, total);
            requireAllBytes(total, true);
        }
        refetched = true;
        return finish().orElseThrow();
    }

    private static InputStream open(Path source) throws IOException {
        if (Files.isDirectory(source)) {
            throw new TransferException(Kind.CLIENT_ERROR, source + " is a folder, not a file; check the URL", null);
        }
        try {
            return RegularFile.stream(source);
        } catch (NoSuchFileException e) {
            throw new TransferException(Kind.NOT_FOUND, source + ": there is no such file; check the URL", e);
        } catch (AccessDeniedException e) {
            throw new TransferException(Kind.FORBIDDEN, IoErrors.message(e, source), e);
        }
    }

    /** Decides whether an earlier run's bytes may be continued, and hashes them if so. */
    private void keepWhatIsUsable() throws IOException {
        if (partial.isNew()) {
            partial.forget();
            return;
        }
        long length = partial.length();
        validator = partial.validator(uri);
        boolean known = validator.isPresent() || expected.digest().isPresent();
        boolean fits = expected.size() == UNKNOWN
                || length < expected.size()
                || (length == expected.size() && expected.digest().isPresent());
        if (length == 0 || !known || !fits) {
            startOver();
            return;
        }
        partial.hashExisting();
        furthest = partial.size();
        pieced = true;
    }

    private boolean isComplete() {
        return expected.digest().isPresent()
                && (partial.size() == expected.size()
                        || (partial.size() > 0 && expected.digest().get().equals(partial.digest())));
    }

    /** One request; returns whether the body arrived whole. */
    private boolean receive(HttpExchange.Opener opener) throws IOException {
        try (HttpExchange exchange = opener.open(uri, request())) {
            contentType = exchange.header("Content-Type");
            if (!accepts(exchange)) {
                return false;
            }
            requireIdentity(exchange);
            long total = total(exchange);
            requireExpectedSize(total);
            long goal = total == UNKNOWN ? expected.size() : total;
            requireRoom(goal);
            rememberVersion(exchange, goal);
            announce(goal);
            copy(body(exchange), total);
            requireAllBytes(total, exchange.header("Transfer-Encoding").isPresent());
            return true;
        } catch (TransferException e) {
            // What arrived stays, also when this was the last attempt: the next run goes on from there.
            retries.next(e);
            return false;
        }
    }

    private HttpRequest request() throws IOException {
        boolean large = expected.size() == UNKNOWN || expected.size() >= LARGE_BYTES;
        return new HttpRequest("GET", rangeHeaders(), Optional.empty(), large);
    }

    private Map<String, String> rangeHeaders() throws IOException {
        Map<String, String> headers = new HashMap<>();
        boolean mayResume =
                rangesAllowed && (validator.isPresent() || expected.digest().isPresent());
        if (partial.size() > 0 && !mayResume) {
            startOver();
        }
        if (partial.size() > 0) {
            pieced = true;
            headers.put("Range", "bytes=" + partial.size() + "-");
            validator.ifPresent(value -> headers.put("If-Range", value));
        }
        return headers;
    }

    /** Whether the body belongs at the end of what is there; otherwise the next request starts from zero. */
    private boolean accepts(HttpExchange exchange) throws IOException {
        boolean ranged = partial.size() > 0;
        int status = exchange.status();
        if (status == 200) {
            if (ranged) {
                // What is there is given up only for an answer that may be the file.
                requireIdentity(exchange);
                requireExpectedSize(exchange.contentLength());
                startOver();
            }
            return true;
        }
        if (ranged && status == 206 && continuesHere(exchange)) {
            return true;
        }
        if (ranged && (status == 206 || status == 416)) {
            rangesAllowed = false;
            startOver();
            return false;
        }
        if (!renewed && TransferErrors.isOfSignature(uri, exchange.uri(), status)) {
            renewed = true; // the next request starts at the address that signs
            return false;
        }
        throw TransferErrors.ofStatus(uri, exchange);
    }

    /** The size of the whole file by an accepted answer; a range without a length still says where it ends. */
    private long total(HttpExchange exchange) {
        if (exchange.contentLength() >= 0) {
            return partial.size() + exchange.contentLength();
        }
        Matcher range = range(exchange);
        return exchange.status() == 206 && range.matches() ? Long.parseLong(range.group(2)) + 1 : UNKNOWN;
    }

    private static Matcher range(HttpExchange exchange) {
        return CONTENT_RANGE.matcher(exchange.header("Content-Range").orElse("").strip());
    }

    private boolean continuesHere(HttpExchange exchange) {
        Matcher range = range(exchange);
        if (!range.matches() || Long.parseLong(range.group(1)) != partial.size()) {
            return false;
        }
        long last = Long.parseLong(range.group(2));
        long length = exchange.contentLength();
        boolean lengthFits = length < 0 || length == last - partial.size() + 1;
        boolean wholeRest = range.group(3).equals("*") || Long.parseLong(range.group(3)) == last + 1;
        return lengthFits && wholeRest && isSameVersion(exchange);
    }

    /** Whether an answer belongs to what is there, as far as it tells; some servers and proxies ignore {@code If-Range}. */
    private boolean isSameVersion(HttpExchange exchange) {
        if (validator.isEmpty()) {
            return true;
        }
        String header = isEntityTag(validator.get()) ? "ETag" : "Last-Modified";
        return exchange.header(header).map(validator.get()::equals).orElse(true);
    }

    /** Whether this is a strong entity tag; a weak one does not tell that every byte is the same. */
    private static boolean isEntityTag(String value) {
        return value.startsWith("\"");
    }

    private void requireIdentity(HttpExchange exchange) throws TransferException {
        String encoding = exchange.header("Content-Encoding").orElse("identity").strip();
        if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
            throw HttpTransfer.refusedEncoding(exchange, encoding);
        }
    }

    private void requireExpectedSize(long total) throws TransferException {
        if (total != UNKNOWN && expected.size() != UNKNOWN && total != expected.size()) {
            throw otherSize(total);
        }
    }

    private TransferException otherSize(long total) {
        return new TransferException(
                total > expected.size() ? Kind.TOO_LONG : Kind.SIZE_MISMATCH,
                Urls.display(uri) + " has " + total + " bytes, expected are " + expected.size() + page()
                        + "; the file behind the URL is another one",
                null);
    }

    private void requireRoom(long total) throws IOException {
        long needed = total - partial.size();
        long free = DiskSpace.usable(partial.path());
        if (total != UNKNOWN && needed > free) {
            throw diskFull(needed, free, null);
        }
    }

    private void rememberVersion(HttpExchange exchange, long goal) throws IOException {
        etag = exchange.header("ETag");
        if (partial.size() == 0) {
            validator = etag.filter(Download::isEntityTag).or(() -> exchange.header("Last-Modified"));
            if (goal == UNKNOWN || goal >= WORTH_RESUMING_BYTES) {
                partial.remember(uri, validator);
            }
        }
    }

    private void announce(long total) {
        if (!announced) {
            announced = true;
            progress.started(uri, partial.size(), total);
        }
    }

    private InputStream body(HttpExchange exchange) throws TransferException {
        try {
            return exchange.body();
        } catch (IOException e) {
            throw TransferErrors.ofConnection(uri, e);
        }
    }

    /** Moves the body to the disk. A broken connection leaves the file, its size and its digest consistent. */
    private void copy(InputStream in, long total) throws IOException {
        try (HashingSink sink = partial.sink(buffers)) {
            while (true) {
                byte[] buffer = sink.buffer();
                int read;
                try {
                    read = in.read(buffer);
                } catch (IOException e) {
                    sink.drain();
                    throw interrupted(total, e);
                }
                if (read < 0) {
                    break;
                }
                store(sink, read, total);
            }
            sink.drain();
        }
    }

    private void store(HashingSink sink, int bytes, long total) throws IOException {
        long limit = total == UNKNOWN ? expected.size() : total;
        if (limit != UNKNOWN && partial.size() + bytes > limit) {
            sink.drain();
            partial.delete();
            throw new TransferException(
                    Kind.TOO_LONG,
                    Urls.display(uri) + " sends more than the " + limit
                            + " bytes that are expected; the partial file is deleted",
                    null);
        }
        try {
            sink.write(bytes);
        } catch (IOException e) {
            if (DiskSpace.isFull(e, partial.path())) {
                throw diskFull(limit == UNKNOWN ? UNKNOWN : limit - partial.size(), free(), e);
            }
            throw e;
        }
        partial.appended(bytes);
        received += bytes;
        if (partial.size() > furthest) {
            furthest = partial.size();
            renewed = false;
            retries.progressed();
        }
        progress.progressed(bytes);
    }

    private void requireAllBytes(long total, boolean endIsCertain) throws IOException {
        long goal = total == UNKNOWN ? expected.size() : total;
        if (goal == UNKNOWN || partial.size() == goal) {
            return;
        }
        if (total == UNKNOWN && endIsCertain) {
            partial.delete();
            throw otherSize(partial.size());
        }
        throw interrupted(goal, null);
    }

    private TransferException interrupted(long total, @Nullable IOException cause) {
        boolean timeout = cause instanceof SocketTimeoutException;
        return new TransferException(
                timeout ? Kind.TIMEOUT : Kind.TRUNCATED,
                Urls.display(uri) + (timeout ? ": nothing more came within the time limit after " : ": ended after ")
                        + partial.size() + (total == UNKNOWN ? "" : " of " + total)
                        + " bytes; run it again to go on from there",
                cause);
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
                startOver();
                return Optional.empty();
            }
            partial.delete();
            throw new TransferException(
                    Kind.DIGEST_MISMATCH,
                    Urls.display(uri) + ": the content is " + actual + ", expected is " + wanted.get() + page()
                            + "; the file behind the URL is another one, or was changed on the way",
                    null);
        }
        partial.complete();
        return Optional.of(new TransferResult(partial.size(), actual, received, etag, contentType));
    }

    /** What people want to hear before any number. */
    private String page() {
        boolean html = contentType.orElse("").strip().toLowerCase(Locale.ROOT).startsWith("text/html");
        return html ? "; it is an HTML page, as proxies send that want a sign-in" : "";
    }

    private void startOver() throws IOException {
        partial.restart();
        validator = Optional.empty();
        pieced = false;
        announced = false;
    }

    private long free() {
        try {
            return DiskSpace.usable(partial.path());
        } catch (IOException e) {
            return 0;
        }
    }

    private TransferException diskFull(long needed, long free, @Nullable IOException cause) {
        return new TransferException(
                Kind.DISK_FULL,
                Urls.display(uri) + ": the disk of " + partial.path() + " is full: "
                        + (needed == UNKNOWN ? "more bytes are" : needed + " more bytes are") + " needed, " + free
                        + " are free; make room, or put the cache on another disk",
                cause);
    }
}
