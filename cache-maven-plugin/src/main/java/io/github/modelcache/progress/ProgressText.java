package io.github.modelcache.progress;

import io.github.modelcache.units.ByteSize;
import java.util.Locale;

/** The words and the bar that show how far an activity is. */
final class ProgressText {

    private static final int LONGEST_BAR = 30;
    private static final int SHORTEST_BAR = 8;
    private static final int LEAST_WITH_LABEL = 20;
    private static final String GREEN = "\u001b[32m";
    private static final String PLAIN = "\u001b[0m";

    private ProgressText() {}

    /** A line of a log. */
    static String line(Activity activity, Tally.State state) {
        StringBuilder line = new StringBuilder(activity.label()).append(": ").append(ByteSize.format(state.bytes()));
        if (state.total() >= 0) {
            line.append(" of ").append(ByteSize.format(state.total()));
            line.append(" (").append(percent(state)).append(" %)");
        }
        return line.append(speed(state, ", ")).toString();
    }

    /**
     * A line of a terminal.
     *
     * @param width the columns that it may fill
     * @param colours whether the bar is green; the escape sequences fill no column
     */
    static String bar(Activity activity, Tally.State state, int width, boolean colours) {
        String done = ByteSize.format(state.bytes());
        if (state.total() < 0) {
            return cut(activity.label() + "  " + done + speed(state, "  "), width);
        }
        String facts = String.format(Locale.ROOT, "%3d %%  ", percent(state))
                + amounts(done, state.total())
                + speed(state, "  ");
        int room = width - activity.label().length() - facts.length() - 4;
        if (room < SHORTEST_BAR) {
            String line = activity.label() + " " + facts.strip();
            return cut(width < LEAST_WITH_LABEL ? facts.strip() : line, width);
        }
        int length = Math.min(room, LONGEST_BAR);
        int filled = (int) (state.bytes() * (double) length / state.total());
        String full = "#".repeat(filled);
        return activity.label() + " [" + (colours ? GREEN + full + PLAIN : full) + ".".repeat(length - filled) + "] "
                + facts;
    }

    /** {@code 1.2 of 2.7 GB}, or both units where they differ. */
    private static String amounts(String done, long total) {
        String all = ByteSize.format(total);
        String unit = all.substring(all.indexOf(' '));
        return (done.endsWith(unit) ? done.substring(0, done.length() - unit.length()) : done) + " of " + all;
    }

    private static String speed(Tally.State state, String separator) {
        if (state.rate().isEmpty()) {
            return "";
        }
        long rate = state.rate().getAsLong();
        if (rate == 0 && !state.finished()) {
            return separator + "waiting";
        }
        String left = state.secondsLeft().isPresent() && !state.finished()
                ? separator + clock(state.secondsLeft().getAsLong()) + " left"
                : "";
        return separator + ByteSize.format(rate) + "/s" + left;
    }

    /** {@code 0:42}, {@code 12:05}, {@code 1:02:05}. */
    private static String clock(long seconds) {
        long hours = seconds / 3600;
        return hours > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, seconds / 60 % 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }

    /** Rounded down, so that 100 means complete. */
    private static long percent(Tally.State state) {
        return state.total() == 0 ? 100 : (long) (state.bytes() * 100.0 / state.total());
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width));
    }
}
