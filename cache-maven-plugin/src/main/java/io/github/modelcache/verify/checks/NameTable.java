package io.github.modelcache.verify.checks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Names with a number each: two arrays, so that a hundred thousand names of a lock cost little beside the lock. */
final class NameTable {

    /** What {@link #get} says of a name that is not there. */
    static final long ABSENT = Long.MIN_VALUE;

    private final @Nullable String[] names;
    private final long[] values;

    /** A table for so many names, and no more. */
    NameTable(int names) {
        int slots = Math.max(4, Integer.highestOneBit(Math.max(1, names)) * 4);
        this.names = new String[slots];
        this.values = new long[slots];
    }

    void put(String name, long value) {
        int slot = slot(name);
        names[slot] = name;
        values[slot] = value;
    }

    long get(String name) {
        int slot = slot(name);
        return names[slot] == null ? ABSENT : values[slot];
    }

    /** A number that stands for a name that is there, as long as nothing is put; negative for any other name. */
    int index(String name) {
        int slot = slot(name);
        return names[slot] == null ? -1 : slot;
    }

    /** The name that an {@link #index} stands for. */
    String name(int index) {
        return Objects.requireNonNull(names[index]);
    }

    boolean has(String name) {
        return get(name) != ABSENT;
    }

    private int slot(String name) {
        int mask = names.length - 1;
        int hash = name.hashCode() * 0x9e37_79b9;
        int slot = (hash ^ (hash >>> 16)) & mask;
        while (names[slot] != null && !name.equals(names[slot])) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
