package io.github.modelcache.progress;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** How progress is shown. */
public sealed interface ProgressStyle {

    /** How often it looks at the counters. */
    Duration period();

    /** Shows nothing. */
    record Silent() implements ProgressStyle {
        @Override
        public Duration period() {
            return Duration.ZERO;
        }
    }

    /**
     * Lines of a log.
     *
     * @param period the time before the first line
     * @param pause the time between two lines, {@code period} or more
     * @param log receives the lines
     */
    record Lines(Duration period, Duration pause, Consumer<String> log) implements ProgressStyle {}

    /**
     * One line of a terminal that is drawn anew.
     *
     * @param columns says the width of the terminal, which may change
     * @param colours whether the terminal shows colours
     * @param terminal receives the characters
     */
    record Bar(IntSupplier columns, boolean colours, Consumer<String> terminal) implements ProgressStyle {
        @Override
        public Duration period() {
            return Duration.ofMillis(200);
        }
    }
}
