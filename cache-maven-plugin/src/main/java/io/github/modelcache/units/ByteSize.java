package io.github.modelcache.units;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes sizes such as {@code 20GB} and {@code 1.5 GiB}. */
public final class ByteSize {
    private static final Pattern SIZE =
            Pattern.compile("(\\d{1,30}(?:\\.\\d{1,30})?)\\s*(?:([KMGT])(I?)B|B)?", Pattern.CASE_INSENSITIVE);
    private static final long THOUSAND = 1000;
    private static final String PREFIXES = "KMGT";
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    private ByteSize() {}

    /**
     * Reads a size. {@code kB, MB, GB, TB} are powers of 1000, {@code KiB, MiB, GiB, TiB} powers of 1024; case does
     * not matter, a space before the unit is allowed, and a bare integer or {@code B} means bytes. Rounds down.
     *
     * @return bytes, from 0 to {@link Long#MAX_VALUE}
     * @throws IllegalArgumentException if the text is anything else
     */
    public static long parse(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (!matcher.matches()) {
            throw notASize(text);
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        String prefix = matcher.group(2);
        if (prefix == null && number.scale() > 0) {
            throw notASize(text);
        }
        BigDecimal bytes = prefix == null
                ? number
                : number.multiply(factor(prefix, !matcher.group(3).isEmpty()));
        if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is too large a size; the largest is " + Long.MAX_VALUE + " bytes");
        }
        return bytes.longValue();
    }

    /**
     * Writes a size the way Maven prints what it downloads (its {@code FileSizeFormat}): decimal units, one decimal
     * below ten and none above, plus TB, which Maven does not know. Never depends on the locale.
     *
     * @param bytes not negative
     * @return such as {@code 0 B}, {@code 1.0 kB}, {@code 10 MB}, {@code 1.5 GB}
     * @throws IllegalArgumentException if {@code bytes} is negative
     */
    public static String format(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size cannot be negative: " + bytes);
        }
        if (bytes < 1000) {
            return bytes + " B";
        }
        for (int unit = 1; ; unit++) {
            BigDecimal scaled = rounded(BigDecimal.valueOf(bytes).movePointLeft(3 * unit));
            // 999,999 rounds to 1000 kB, which is 1.0 MB.
            if (unit == UNITS.length - 1 || scaled.compareTo(BigDecimal.valueOf(1000)) < 0) {
                return scaled.toPlainString() + " " + UNITS[unit];
            }
        }
    }

    /** Writes a size that {@link #parse} reads without loss: {@code 20GB}, {@code 1500MB}, {@code 1234567}. */
    public static String exact(long bytes) {
        long factor = 1;
        int unit = 0;
        while (bytes != 0 && unit < UNITS.length - 1 && bytes % (factor * THOUSAND) == 0) {
            factor *= THOUSAND;
            unit++;
        }
        return unit == 0 ? Long.toString(bytes) : bytes / factor + UNITS[unit];
    }

    private static BigDecimal rounded(BigDecimal value) {
        BigDecimal tenths = value.setScale(1, RoundingMode.HALF_EVEN);
        if (tenths.compareTo(BigDecimal.ONE) < 0) {
            return BigDecimal.valueOf(10, 1); // just below a unit that the next smaller one rounded up to
        }
        return tenths.compareTo(BigDecimal.TEN) < 0 ? tenths : value.setScale(0, RoundingMode.HALF_EVEN);
    }

    private static BigDecimal factor(String prefix, boolean binary) {
        int power = PREFIXES.indexOf(prefix.toUpperCase(Locale.ROOT)) + 1;
        return BigDecimal.valueOf(binary ? 1024 : 1000).pow(power);
    }

    private static IllegalArgumentException notASize(String text) {
        return new IllegalArgumentException("'" + text + "' is not a size; write it like 20GB or 20GiB");
    }
}
