package io.github.modelcache.scan;

import io.github.modelcache.scan.PickleValue.Plain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The stack of a pickle, in little memory however much lies on it: values in a row that make no difference are only
 * counted, and those far below the top are counted too.
 */
final class PickleStack {
    private static final int MOST_RUNS = 256 << 10;
    private static final int HEAVIEST = 32 << 10;
    private static final int EXACT_RUNS = 256;
    private static final int MOST_MARKS = 100_000;

    private PickleValue[] values = new PickleValue[256];
    private int[] counts = new int[256];
    private int runs;
    private long added;
    private long size;
    private long[] marks = new long[64];
    private int markCount;

    void mark() throws PickleException {
        if (markCount == MOST_MARKS) {
            throw new PickleException.TooComplex("its values lie in each other more than " + MOST_MARKS + " deep");
        }
        if (markCount == marks.length) {
            marks = Arrays.copyOf(marks, markCount * 2);
        }
        marks[markCount++] = size;
    }

    void push(PickleValue value) throws PickleException {
        if (value == Plain.VALUE
                && runs > 0
                && values[runs - 1] == Plain.VALUE
                && floor() < size
                && counts[runs - 1] < Integer.MAX_VALUE) {
            counts[runs - 1]++;
        } else {
            append(value);
            added += value.weight();
            if (added > HEAVIEST) {
                compact();
            }
        }
        size++;
    }

    PickleValue pop() throws PickleException {
        PickleValue value = top();
        if (--counts[runs - 1] == 0) {
            values[--runs] = Plain.VALUE;
        }
        size--;
        return value;
    }

    PickleValue top() throws PickleException {
        if (size <= floor()) {
            throw new PickleException("it takes a value from an empty stack");
        }
        return values[runs - 1];
    }

    /** POP: a mark, if that is what is on top. */
    void discard() throws PickleException {
        if (markCount > 0 && floor() == size) {
            markCount--;
        } else {
            pop();
        }
    }

    /** Pops down to the last mark: the values if there are few, and otherwise nothing of them. */
    List<PickleValue> popMark(int most) throws PickleException {
        if (markCount == 0) {
            throw new PickleException("it goes back to a mark that it never set");
        }
        long start = marks[--markCount];
        List<PickleValue> popped = new ArrayList<>();
        boolean keep = size - start <= most;
        while (size > start) {
            int count = counts[runs - 1];
            for (int i = 0; keep && i < count; i++) {
                popped.add(values[runs - 1]);
            }
            size -= count;
            values[--runs] = Plain.VALUE;
        }
        Collections.reverse(popped);
        return popped;
    }

    /** How many values lie above the last mark. */
    long aboveMark() {
        return size - floor();
    }

    private long floor() {
        return markCount == 0 ? 0 : marks[markCount - 1];
    }

    private void append(PickleValue value) throws PickleException {
        if (runs == values.length) {
            if (runs >= MOST_RUNS) {
                throw new PickleException.TooComplex("too many values lie on its stack");
            }
            values = Arrays.copyOf(values, runs * 2);
            counts = Arrays.copyOf(counts, runs * 2);
        }
        values[runs] = value;
        counts[runs++] = 1;
    }

    /** Forgets what lies deep; imported names, what they made, and storages are kept. */
    private void compact() {
        int kept = 0;
        int mark = 0;
        long position = 0;
        boolean fence = true;
        for (int i = 0; i < runs; i++) {
            while (mark < markCount && marks[mark] <= position) {
                fence = true;
                mark++;
            }
            PickleValue value = values[i];
            int count = counts[i];
            PickleValue next = i >= runs - EXACT_RUNS ? value : forgotten(value);
            if (!fence && next == Plain.VALUE && values[kept - 1] == Plain.VALUE) {
                counts[kept - 1] += count;
            } else {
                values[kept] = next;
                counts[kept++] = count;
            }
            fence = false;
            position += count;
        }
        Arrays.fill(values, kept, runs, Plain.VALUE);
        runs = kept;
        added = 0;
    }

    private static PickleValue forgotten(PickleValue value) {
        if (value instanceof PickleValue.Made made) {
            return new PickleValue.Made(made.by(), Plain.VALUE);
        }
        boolean kept = value instanceof PickleValue.Global || value instanceof PickleValue.Stored;
        return kept ? value : Plain.VALUE;
    }
}
