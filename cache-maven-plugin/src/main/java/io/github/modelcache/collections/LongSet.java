package io.github.modelcache.collections;

import java.util.Arrays;

/** Numbers, 16 bytes each: a million of them need no more memory than a few thousand objects. */
public final class LongSet {

    private static final int FIRST_CAPACITY = 1 << 10;

    private long[] slots = new long[FIRST_CAPACITY];
    private int size;
    private boolean hasZero;

    /** Adds a number; says whether it is new. */
    public boolean add(long number) {
        if (number == 0) {
            boolean added = !hasZero;
            hasZero = true;
            return added;
        }
        if (size * 2 >= slots.length) {
            grow();
        }
        int slot = slot(slots, number);
        if (slots[slot] == number) {
            return false;
        }
        slots[slot] = number;
        size++;
        return true;
    }

    /** Whether it holds a number. */
    public boolean contains(long number) {
        return number == 0 ? hasZero : slots[slot(slots, number)] == number;
    }

    /** Whether it holds none. */
    public boolean isEmpty() {
        return size == 0 && !hasZero;
    }

    private void grow() {
        long[] wider = new long[slots.length * 2];
        for (long number : slots) {
            if (number != 0) {
                wider[slot(wider, number)] = number;
            }
        }
        slots = wider;
    }

    /** Where the number is or would be; the place after the last one is the first. */
    private static int slot(long[] in, long number) {
        int slot = (int) Mix64.mix(number) & (in.length - 1);
        while (in[slot] != 0 && in[slot] != number) {
            slot = (slot + 1) & (in.length - 1);
        }
        return slot;
    }

    /** Forgets everything. */
    void clear() {
        Arrays.fill(slots, 0);
        size = 0;
        hasZero = false;
    }
}
