package io.github.modelcache.progress;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows the progress of all goals of a build in one place. Work only adds to counters; a thread of its own looks at them
 * and draws while work is under way.
 *
 * <p>On a terminal it writes one line, returns to its start, and overwrites it. It uses spaces in the place of the escape sequence
 * that clears a line, because older Windows consoles print that one. Maven has JLine or Jansi, but no version of them is
 * visible to plugins in both Maven 3 and Maven 4.
 */
public final class ProgressDisplay implements Progress {

    /** Short work shows nothing. */
    private static final long FIRST_BAR_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final ProgressStyle style;
    private final LongSupplier nanos;
    private final Ticker ticker;
    private final Consumer<String> stopped;
    private final Map<Activity, Running> running = new EnumMap<>(Activity.class);
    private @Nullable Ticks ticks;
    private long beganNanos;
    private long nextLineNanos;
    private int drawn;

    /** Calls something again and again. */
    @FunctionalInterface
    public interface Ticker {
        /** Calls {@code look} every period, and {@code stopped} if the process is stopped before {@link Ticks#end}. */
        Ticks start(Duration period, Runnable look, Runnable stopped);
    }

    /** Calls that go on. */
    @FunctionalInterface
    public interface Ticks {
        /** Ends them. */
        void end();
    }

    private static final class Running {
        private final Tally tally;
        private int pieces;

        Running(Tally tally) {
            this.tally = tally;
        }
    }

    /**
     * A display.
     *
     * @param stopped receives a message when the process is stopped
     */
    public ProgressDisplay(ProgressStyle style, LongSupplier nanos, Ticker ticker, Consumer<String> stopped) {
        this.style = style;
        this.nanos = nanos;
        this.ticker = ticker;
        this.stopped = stopped;
    }

    @Override
    public synchronized Work begin(Activity activity) {
        if (style instanceof ProgressStyle.Silent) {
            return Work.UNSEEN;
        }
        if (running.isEmpty()) {
            beganNanos = nanos.getAsLong();
            nextLineNanos = beganNanos;
            ticks = ticker.start(style.period(), this::look, this::stopped);
        }
        Running shared = running.computeIfAbsent(activity, key -> new Running(new Tally(nanos.getAsLong())));
        shared.pieces++;
        return new Piece(activity, shared);
    }

    /** Prints something else without mixing it with the line of a terminal. */
    public synchronized void aside(Runnable print) {
        clear();
        print.run();
    }

    private void look() {
        // Measuring a terminal takes time, so nobody waits for it.
        int columns = style instanceof ProgressStyle.Bar bar ? bar.columns().getAsInt() : 0;
        look(columns);
    }

    private synchronized void look(int columns) {
        if (running.isEmpty()) {
            return;
        }
        long now = nanos.getAsLong();
        Optional<String> text = Optional.empty();
        for (Map.Entry<Activity, Running> each : running.entrySet()) {
            Tally.State state = each.getValue().tally.look(now);
            if (text.isEmpty() && !state.finished()) {
                text = Optional.of(text(each.getKey(), state, columns));
            }
        }
        text.ifPresent(shown -> show(shown, columns, now));
    }

    private String text(Activity activity, Tally.State state, int columns) {
        return style instanceof ProgressStyle.Bar bar
                ? ProgressText.bar(activity, state, columns - 1, bar.colours())
                : ProgressText.line(activity, state);
    }

    private void show(String text, int columns, long now) {
        if (style instanceof ProgressStyle.Lines lines) {
            // Ticks are not exact: half a period decides.
            if (now - nextLineNanos >= -lines.period().toNanos() / 2) {
                lines.log().accept(text);
                nextLineNanos = now + lines.pause().toNanos();
            }
        } else if (style instanceof ProgressStyle.Bar bar && now - beganNanos >= FIRST_BAR_NANOS) {
            if (drawn >= columns) {
                // The terminal became narrower and wrapped the line, whose first row cannot be reached.
                bar.terminal().accept("\r" + " ".repeat(drawn) + "\n");
                drawn = 0;
            }
            int length = text.replaceAll("\u001b\\[\\d+m", "").length();
            bar.terminal().accept("\r" + text + " ".repeat(Math.max(0, drawn - length)) + "\r");
            drawn = length;
        }
    }

    private void clear() {
        if (drawn > 0 && style instanceof ProgressStyle.Bar bar) {
            bar.terminal().accept("\r" + " ".repeat(drawn) + "\r");
            drawn = 0;
        }
    }

    private synchronized void stopped() {
        clear();
        running.forEach((activity, work) -> {
            String text = ProgressText.line(activity, work.tally.look(nanos.getAsLong()));
            stopped.accept("Stopped. " + text + ". " + activity.afterStop());
        });
        running.clear();
    }

    private synchronized void end(Activity activity, Running shared) {
        shared.pieces--;
        if (shared.pieces > 0 || running.get(activity) != shared) {
            return;
        }
        running.remove(activity);
        Ticks going = ticks;
        if (running.isEmpty() && going != null) {
            going.end();
            ticks = null;
            clear();
        }
    }

    /** One caller's part of an activity; counts until it is closed. */
    private final class Piece implements Work {
        private final Activity activity;
        private final Running shared;
        private boolean closed;

        Piece(Activity activity, Running shared) {
            this.activity = activity;
            this.shared = shared;
        }

        @Override
        public void planned(long bytes) {
            shared.tally.planned(bytes);
        }

        @Override
        public void opened(long bytes) {
            shared.tally.opened(bytes);
        }

        @Override
        public void found(long bytes) {
            shared.tally.found(bytes);
        }

        @Override
        public void done(long bytes) {
            shared.tally.done(bytes);
        }

        @Override
        public void reached(long bytes) {
            shared.tally.reached(bytes);
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                end(activity, shared);
            }
        }
    }
}
