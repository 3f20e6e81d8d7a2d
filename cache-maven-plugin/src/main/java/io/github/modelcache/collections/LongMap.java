package io.github.modelcache.collections;

/** Numbers by number, 32 bytes each at most: for a million names that stand for a content. Neither may be 0. */
public final class LongMap {

    private static final int FIRST_CAPACITY = 1 << 6;

    private long[] keys = new long[FIRST_CAPACITY];
    private long[] values = new long[FIRST_CAPACITY];
    private int size;

    /** Adds a number or replaces it. */
    public void put(long key, long value) {
        if (size * 2 >= keys.length) {
            grow();
        }
        int slot = slot(keys, key);
        size += keys[slot] == 0 ? 1 : 0;
        keys[slot] = key;
        values[slot] = value;
    }

    /** The number of a key; 0 when there is none. */
    public long get(long key) {
        return values[slot(keys, key)];
    }

    private void grow() {
        long[] widerKeys = new long[keys.length * 2];
        long[] widerValues = new long[keys.length * 2];
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                int slot = slot(widerKeys, keys[i]);
                widerKeys[slot] = keys[i];
                widerValues[slot] = values[i];
            }
        }
        keys = widerKeys;
        values = widerValues;
    }

    /** Where the number is or would be; keys are spread evenly already. */
    private static int slot(long[] in, long key) {
        int slot = (int) key & (in.length - 1);
        while (in[slot] != 0 && in[slot] != key) {
            slot = (slot + 1) & (in.length - 1);
        }
        return slot;
    }
}
