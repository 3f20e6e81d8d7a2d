package io.github.modelcache.units;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the known name that is nearest to a mistyped one. */
public final class NearestName {

    /** One typing error is allowed for this many letters. */
    private static final int LETTERS_A_SLIP = 3;

    private NearestName() {}

    /**
     * The known name with the fewest inserted, deleted, replaced or swapped letters; ignores letter case. Among equals
     * the first in alphabetical order.
     *
     * @return empty when more than a third of the letters would have to change
     * @see <a href="https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance">optimal string alignment</a>
     */
    public static Optional<String> of(String asked, Collection<String> known) {
        String wanted = asked.toLowerCase(Locale.ROOT);
        int fewest = Math.max(1, wanted.length() / LETTERS_A_SLIP) + 1;
        Optional<String> nearest = Optional.empty();
        for (String name : new TreeSet<>(known)) {
            String candidate = name.toLowerCase(Locale.ROOT);
            boolean hopeless = Math.abs(candidate.length() - wanted.length()) >= fewest;
            int slips = hopeless ? fewest : distance(wanted, candidate);
            if (slips < fewest) {
                fewest = slips;
                nearest = Optional.of(name);
            }
        }
        return nearest;
    }

    private static int distance(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        Arrays.setAll(last, column -> column);
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[to.length() + 1];
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                boolean same = from.charAt(row - 1) == to.charAt(column - 1);
                int replaced = last[column - 1] + (same ? 0 : 1);
                int oneMore = Math.min(last[column], current[column - 1]) + 1;
                current[column] = Math.min(replaced, oneMore);
                if (swapped(from, row, to, column)) {
                    current[column] = Math.min(current[column], beforeLast[column - 2] + 1);
                }
            }
            beforeLast = last;
            last = current;
        }
        return last[to.length()];
    }

    private static boolean swapped(String from, int row, String to, int column) {
        return row > 1
                && column > 1
                && from.charAt(row - 1) == to.charAt(column - 2)
                && from.charAt(row - 2) == to.charAt(column - 1);
    }
}
