package io.github.modelcache.it.benchmark;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * What a benchmark found, as a section of a page in Markdown.
 *
 * @param scale what the sizes were divided by; 1 are the real ones
 */
record Section(Benchmarks.Benchmark benchmark, int scale, List<Benchmarks.Row> rows) {

    String name() {
        return benchmark.name();
    }

    /** The line that a section begins with. */
    static String heading(String name) {
        return "## " + name;
    }

    /** The section.
     *
     * @throws IOException when the machine can't be asked what it is
     */
    String text() throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(heading(name())).append("\n\n").append(benchmark.about()).append("\n\n");
        text.append(LocalDate.now(ZoneOffset.UTC)).append(", ").append(Machine.text());
        if (scale != 1) {
            text.append("; sizes divided by ").append(scale);
        }
        text.append(".\n\n");
        line(text, "what; beside what", "measured", "beside", "result", "goal");
        line(text, "---", "---:", "---:", "---:", "---:");
        rows.forEach(row -> line(text, row.what(), row.measured(), row.reference(), row.result(), row.goal()));
        return text.toString();
    }

    private static void line(StringBuilder text, String... cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
