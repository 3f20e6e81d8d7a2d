package io.github.modelcache.units;

import java.util.Collection;
import java.util.stream.Collectors;

/** Numbers and lists in messages. */
public final class Words {
    private Words() {}

    /** {@code 1 model}, {@code 2 models}, {@code 2 entries}. */
    public static String count(long number, String noun) {
        if (number == 1) {
            return number + " " + noun;
        }
        return number + " " + noun.replaceFirst("([^aeiou])y$", "$1ie") + "s";
    }

    /**
     * The first names, and the number of the others: {@code a, b and 3 more}.
     *
     * @param most the largest number of names
     */
    public static String some(Collection<?> names, int most) {
        int others = names.size() - most;
        return names.stream().limit(most).map(String::valueOf).collect(Collectors.joining(", "))
                + (others > 0 ? " and " + others + " more" : "");
    }
}
