package io.github.modelcache.http;

import java.util.Optional;

/** Which version of a file the bytes that are there belong to, by the answer that they came with. */
final class FileVersion {
    private final boolean hasDigest;
    private Optional<String> validator = Optional.empty();
    private Optional<String> date = Optional.empty();

    FileVersion(ExpectedContent expected) {
        this.hasDigest = expected.digest().isPresent();
    }

    Optional<String> validator() {
        return validator;
    }

    void set(Optional<String> known) {
        validator = known;
        date = Optional.empty();
    }

    /** Whether parts of two versions of the file can be told apart. */
    boolean isKnown() {
        return validator.isPresent() || hasDigest;
    }

    /** Whether an answer is of this version, as far as it tells. */
    boolean isOf(HttpExchange exchange) {
        return ContentRange.isOf(validator, exchange);
    }

    /** The value of {@code If-Range}. None is needed with a digest: a changed file is then fetched again as a whole. */
    Optional<String> condition() {
        return hasDigest ? Optional.empty() : date.or(() -> validator);
    }

    /** Some stores send the whole file although the ETag in {@code If-Range} is right; they get the date next. */
    boolean isComparedByDate(HttpExchange exchange) {
        boolean same = date.isEmpty() && condition().isPresent() && condition().equals(exchange.header("ETag"));
        date = same ? exchange.header("Last-Modified") : date;
        return same && date.isPresent();
    }
}
