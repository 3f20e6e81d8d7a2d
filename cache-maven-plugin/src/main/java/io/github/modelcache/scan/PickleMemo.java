package io.github.modelcache.scan;

import io.github.modelcache.scan.PickleValue.Forgotten;
import io.github.modelcache.scan.PickleValue.Global;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a pickle puts aside to use again. Imported names are all kept, and of the rest the latest; which other ones are
 * needed, a second run over the pickle is told.
 */
final class PickleMemo {
    private static final int LATEST = 1 << 14;
    private static final int HEAVIEST = 32 << 10;
    private static final int MOST_KEPT = 100_000;

    private @Nullable PickleValue[] latest = {};
    private int[] owners = {};
    private final Map<Integer, PickleValue> kept = new HashMap<>();
    private final Set<Integer> wanted;
    private final Set<Integer> scattered = new HashSet<>();
    private int dense;
    private int held;

    /** With the numbers that an earlier run over the pickle had to know; more are added when they turn out. */
    PickleMemo(Set<Integer> wanted) {
        this.wanted = wanted;
    }

    /** Has the next run keep the value of this number. */
    void want(int index) {
        wanted.add(index);
    }

    /** MEMOIZE: under the number of values that are there. */
    void add(PickleValue value) throws PickleException {
        put(dense + scattered.size(), value);
    }

    void put(long number, PickleValue value) throws PickleException {
        if (number < 0 || number > Integer.MAX_VALUE - 1) {
            throw new PickleException("it puts a value aside under the number " + number);
        }
        int index = (int) number;
        if (index == dense) {
            dense++;
            while (!scattered.isEmpty() && scattered.remove(dense)) {
                dense++;
            }
        } else if (index > dense && scattered.add(index) && scattered.size() > MOST_KEPT) {
            throw new PickleException.TooComplex("it puts values aside in an order that no pickle has");
        }
        if (value instanceof Global || wanted.contains(index)) {
            if (kept.size() > MOST_KEPT) {
                throw new PickleException.TooComplex("it imports more than " + MOST_KEPT + " names");
            }
            kept.put(index, value);
        } else {
            if (!kept.isEmpty()) {
                kept.remove(index);
            }
            held += value.weight();
            if (held > HEAVIEST) {
                Arrays.fill(latest, null);
                held = value.weight();
            }
            if (latest.length == 0) { // most contents are no pickles and put nothing aside
                latest = new PickleValue[LATEST];
                owners = new int[LATEST];
            }
            latest[index & (LATEST - 1)] = value;
            owners[index & (LATEST - 1)] = index;
        }
    }

    PickleValue get(long number) throws PickleException {
        int index = (int) number;
        boolean known = number >= 0 && (number < dense || (number < Integer.MAX_VALUE && scattered.contains(index)));
        if (!known) {
            throw new PickleException("it uses a value that it never put aside");
        }
        PickleValue value = kept.get(index);
        if (value != null) {
            return value;
        }
        int place = index & (LATEST - 1);
        PickleValue late = place < owners.length && owners[place] == index ? latest[place] : null;
        return late != null ? late : new Forgotten(this, index);
    }
}
