package io.github.modelcache.units;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes ages such as {@code 90d} and {@code 90 days}. */
public final class Age {
    private static final Pattern AGE = Pattern.compile("(\\d{1,18})\\s*(s|m|h|d|w|mo|y)?", Pattern.CASE_INSENSITIVE);
    private static final long DAY = Duration.ofDays(1).toSeconds();

    private Age() {}

    /**
     * Reads an age: {@code 45s}, {@code 30m} (minutes), {@code 12h}, {@code 90d}, {@code 2w}, {@code 6mo} (30 days
     * each), {@code 1y} (365 days). A bare number means days; case does not matter.
     *
     * @return zero or more
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Duration parse(String text) {
        Matcher matcher = AGE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not an age; write it like 90d, 12h or 6mo");
        }
        String unit = matcher.group(2);
        try {
            return Duration.ofSeconds(Math.multiplyExact(Long.parseLong(matcher.group(1)), seconds(unit)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is too long an age; write it like 90d, 12h or 6mo", e);
        }
    }

    /** Writes the largest whole unit, days at most: {@code 90 days}, {@code 1 day}, {@code 3 hours}. Below zero is zero. */
    public static String format(Duration age) {
        if (age.toDays() > 0) {
            return count(age.toDays(), "day");
        }
        if (age.toHours() > 0) {
            return count(age.toHours(), "hour");
        }
        return age.toMinutes() > 0 ? count(age.toMinutes(), "minute") : count(Math.max(0, age.toSeconds()), "second");
    }

    /**
     * Writes how long ago a day was: {@code today}, {@code yesterday}, {@code 3 days ago}, {@code 5 months ago}.
     *
     * @param days below zero counts as zero
     */
    public static String ago(long days) {
        if (days <= 1) {
            return days == 1 ? "yesterday" : "today";
        }
        if (days >= 2 * 365) {
            return count(days / 365, "year") + " ago";
        }
        return count(days >= 2 * 30 ? days / 30 : days, days >= 2 * 30 ? "month" : "day") + " ago";
    }

    private static String count(long number, String unit) {
        return Words.count(number, unit);
    }

    private static long seconds(@Nullable String unit) {
        if (unit == null) {
            return DAY;
        }
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> DAY;
            case "w" -> 7 * DAY;
            case "mo" -> 30 * DAY;
            default -> 365 * DAY;
        };
    }
}
