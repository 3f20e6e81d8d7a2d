package io.github.modelcache.testing;

import java.time.Duration;
import org.opentest4j.TestAbortedException;

/** How long tests wait, so that none depends on how busy the machine is. */
public final class Patience {

    /** Only a test that hangs waits so long. */
    public static final Duration ENDLESS = Duration.ofMinutes(10);

    private static final Duration FIRST = Duration.ofMillis(400);
    private static final Duration LAST = Duration.ofMinutes(1);
    private static final int GROWTH = 5;

    private Patience() {}

    /** A test of whoever gives up after a time; it can be run again. */
    @FunctionalInterface
    public interface Attempt {
        /** Runs it from its beginning. */
        void with(Duration patience) throws Exception;
    }

    /**
     * Runs a test in which somebody has to give up on what is silent. A busy machine may be silent for as long; so a test
     * that fails is run again with more patience, and fails when a minute was not enough.
     */
    public static void growing(Attempt attempt) throws Exception {
        for (Duration patience = FIRST; ; patience = patience.multipliedBy(GROWTH)) {
            try {
                attempt.with(patience);
                return;
            } catch (TestAbortedException e) {
                throw e;
            } catch (Exception | AssertionError e) {
                if (patience.compareTo(LAST) >= 0) {
                    throw e;
                }
            }
        }
    }
}
