package io.github.modelcache.collections;

/** Spreads numbers evenly, so that two different ones give the same result as seldom as two drawn at random. */
public final class Mix64 {

    private Mix64() {}

    /**
     * One number from one.
     *
     * @see <a href="https://doi.org/10.1145/2660193.2660195">Fast splittable pseudorandom number generators, mix64</a>
     */
    public static long mix(long number) {
        long mixed = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** One number from two; their order counts. */
    public static long mix(long one, long other) {
        return mix(mix(one) * 31 + other);
    }
}
