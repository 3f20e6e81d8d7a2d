package io.github.modelcache.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The range of bytes in an answer that is a part of a file.
 *
 * @param from the first byte
 * @param last the last byte
 * @param total the length of the whole file, or -1 where the server does not tell
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14.4">RFC 9110, section 14.4</a>
 */
record ContentRange(long from, long last, long total) {
    private static final Pattern HEADER = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

    /** What the answer says; empty where it says nothing, or its length says something else. */
    static Optional<ContentRange> of(HttpExchange exchange) {
        Matcher header =
                HEADER.matcher(exchange.header("Content-Range").orElse("").strip());
        boolean whole = exchange.status() == 200; // some stores send a part so; then its length tells
        if ((!whole && exchange.status() != 206) || !header.matches()) {
            return Optional.empty();
        }
        long total = header.group(3).equals("*") ? -1 : Long.parseLong(header.group(3));
        ContentRange range = new ContentRange(Long.parseLong(header.group(1)), Long.parseLong(header.group(2)), total);
        long length = range.last - range.from + 1;
        boolean fits = length > 0
                && (total < 0 || range.last < total)
                && (exchange.contentLength() == length || (exchange.contentLength() < 0 && !whole));
        return Optional.of(range).filter(one -> fits);
    }

    /**
     * The size of the whole file by an accepted answer, or -1; a range without a length still says where it ends.
     *
     * @param part whether the answer is a part that others follow
     * @param there how many bytes are there already
     */
    static long total(HttpExchange exchange, boolean part, long there) {
        Optional<ContentRange> range = of(exchange);
        if (part && range.isPresent()) {
            return range.get().total;
        }
        if (exchange.contentLength() >= 0) {
            return there + exchange.contentLength();
        }
        return range.map(bytes -> bytes.last + 1).orElse(-1L);
    }

    /** Whether nothing follows it. */
    boolean isRest() {
        return total < 0 || last + 1 == total;
    }

    /** Whether it ends where a segment does, and says how long the file is. */
    boolean isEndOf(Segments.Segment segment) {
        return last == segment.to() - 1 && total > last;
    }

    /** What tells this version of a content from others: a strong ETag, or else the date. */
    static Optional<String> validator(HttpExchange exchange) {
        return exchange.header("ETag").filter(ContentRange::isEntityTag).or(() -> exchange.header("Last-Modified"));
    }

    /** Whether an answer is of that version, as far as it tells; some servers and proxies ignore {@code If-Range}. */
    static boolean isOf(Optional<String> validator, HttpExchange exchange) {
        return validator
                .map(known -> exchange.header(isEntityTag(known) ? "ETag" : "Last-Modified")
                        .map(known::equals)
                        .orElse(true))
                .orElse(true);
    }

    /** A weak one does not tell that every byte is the same. */
    private static boolean isEntityTag(String value) {
        return value.startsWith("\"");
    }
}
