package io.github.modelcache.it.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What was tried, how often, and what was lost. */
final class Table {

    private final List<Row> rows = new ArrayList<>();
    private final List<String> losses = new ArrayList<>();

    /**
     * A line of the table.
     *
     * @param goal the goal
     * @param tried what was done to it
     * @param times how often
     * @param finished how many of the runs that came after it ended well, in the state of an undisturbed run
     * @param note what else there is to say
     * @param losses what was lost, each with how to see it again
     */
    record Row(String goal, String tried, int times, int finished, String note, List<String> losses) {
        Row {
            losses = List.copyOf(losses);
        }

        static Row skipped(String goal, String tried, String reason) {
            return new Row(goal, tried, 0, 0, "skipped: " + reason, List.of());
        }
    }

    /** Adds a line, and says it at once. */
    synchronized void add(Row row) {
        rows.add(row);
        losses.addAll(row.losses());
        System.out.printf(
                Locale.ROOT,
                "%s, %s: %d, finished %d, lost %d %s%n",
                row.goal(),
                row.tried(),
                row.times(),
                row.finished(),
                row.losses().size(),
                row.note());
        row.losses().forEach(loss -> System.out.println("  LOST: " + loss));
    }

    /** What was lost in all. */
    synchronized List<String> losses() {
        return List.copyOf(losses);
    }

    /** The table as text. */
    synchronized String text(String title) {
        StringBuilder text = new StringBuilder(title).append("\n\n");
        text.append(line("goal", "what was tried", "times", "finished", "note", "lost"));
        text.append(line("---", "---", "---:", "---:", "---", "---:"));
        List<Row> sorted = rows.stream()
                .sorted(Comparator.comparing(Row::goal).thenComparing(Row::tried))
                .toList();
        for (Row row : sorted) {
            text.append(line(
                    row.goal(),
                    row.tried(),
                    String.valueOf(row.times()),
                    String.valueOf(row.finished()),
                    row.note(),
                    String.valueOf(row.losses().size())));
        }
        int times = rows.stream().mapToInt(Row::times).sum();
        int finished = rows.stream().mapToInt(Row::finished).sum();
        text.append(
                line("all", "", String.valueOf(times), String.valueOf(finished), "", String.valueOf(losses.size())));
        losses.forEach(loss -> text.append("\nLOST: ").append(loss));
        return text.toString();
    }

    private static String line(String goal, String tried, String times, String finished, String note, String lost) {
        return String.format(
                Locale.ROOT, "| %-8s | %-58s | %5s | %8s | %-30s | %4s |%n", goal, tried, times, finished, note, lost);
    }

    /** Prints it and writes it to a file. */
    void publish(Path file, String title) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text(title) + "\n", StandardCharsets.UTF_8);
        System.out.println(text(title));
    }
}
