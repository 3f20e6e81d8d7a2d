package io.github.modelcache.digest;

import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a content.
 *
 * @param algorithm how it was computed
 * @param hex lower-case hexadecimal digits; upper-case ones are accepted and lowered
 */
public record Digest(DigestAlgorithm algorithm, String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]+");

    /**
     * Checks the digits.
     *
     * @throws IllegalArgumentException if there are too few or too many, or one is not hexadecimal
     */
    public Digest {
        hex = hex.toLowerCase(Locale.ROOT);
        if (hex.length() != algorithm.hexLength() || !HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("'" + hex + "' is not a " + algorithm.id() + " digest; it has "
                    + algorithm.hexLength() + " hexadecimal digits");
        }
    }

    /**
     * A SHA-256 digest.
     *
     * @throws IllegalArgumentException if {@code hex} is not 64 hexadecimal digits
     */
    public static Digest sha256(String hex) {
        return new Digest(DigestAlgorithm.SHA256, hex);
    }

    /** The digest of these raw bytes. */
    public static Digest of(DigestAlgorithm algorithm, byte[] bytes) {
        return new Digest(algorithm, HexFormat.of().formatHex(bytes));
    }

    /**
     * Reads what {@link #toString()} writes: {@code sha256:<64 digits>} or {@code git_sha1:<40 digits>}.
     *
     * @throws IllegalArgumentException if the algorithm is unknown or the digits are wrong
     */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon >= 0) {
            String id = text.substring(0, colon);
            for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
                if (algorithm.id().equals(id)) {
                    return new Digest(algorithm, text.substring(colon + 1));
                }
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not a digest; write it like sha256:<64 hexadecimal digits>");
    }

    // By hand: each JVM links generated methods of records anew; see docs/dev/architecture.md.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Digest that && algorithm == that.algorithm && hex.equals(that.hex);
    }

    @Override
    public int hashCode() {
        return hex.hashCode();
    }

    /** The algorithm's id, a colon and the digits. */
    @Override
    public String toString() {
        return algorithm.id() + ":" + hex;
    }
}
