package io.github.modelcache.collections;

import java.util.Arrays;
import java.util.function.LongConsumer;

/** Numbers in order, 8 bytes each. */
public final class LongList {

    private static final int FIRST_CAPACITY = 16;

    private long[] numbers = new long[FIRST_CAPACITY];
    private int size;

    public void add(long number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
        }
        numbers[size++] = number;
    }

    public void forEach(LongConsumer consumer) {
        for (int i = 0; i < size; i++) {
            consumer.accept(numbers[i]);
        }
    }
}
