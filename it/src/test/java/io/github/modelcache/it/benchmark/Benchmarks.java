package io.github.modelcache.it.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Runs the benchmarks and prints one table.
 * {@code -Dbenchmark.only=hashing,download,hub-download,hub-verify,status,clean,memory,registry,ci,build} runs some;
 * {@code -Dbenchmark.scale=8} divides the sizes, to see whether the benchmarks themselves work.
 */
public final class Benchmarks {

    /** Runs of each measured thing; the median counts. */
    static final int RUNS = 5;

    private Benchmarks() {}

    /** Runs what the system properties ask for. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(System.getProperty("it.target"), "benchmarks");
        Files.createDirectories(folder);
        List<Row> rows = new ArrayList<>();
        if (wanted("hashing")) {
            rows.addAll(HashingBenchmark.run(folder, scale()));
        }
        if (wanted("download")) {
            rows.addAll(DownloadBenchmark.run(folder, scale()));
        }
        if (wanted("hub-download-small")) {
            rows.addAll(HubDownloadBenchmark.small(folder, scale()));
        }
        if (wanted("hub-download-large")) {
            rows.addAll(HubDownloadBenchmark.large(folder, scale()));
        }
        if (wanted("hub-download-resume")) {
            rows.addAll(HubDownloadBenchmark.resume(folder, scale()));
        }
        if (wanted("hub-verify")) {
            rows.addAll(HubVerifyBenchmark.run(folder, scale()));
        }
        if (wanted("status")) {
            rows.addAll(StatusBenchmark.run(folder, scale()));
        }
        if (wanted("clean")) {
            rows.addAll(CleanBenchmark.run(folder, scale()));
        }
        if (wanted("memory")) {
            rows.addAll(MemoryBenchmark.run(scale()));
        }
        if (wanted("registry")) {
            rows.addAll(RegistryBenchmark.run(scale()));
        }
        if (wanted("ci")) {
            rows.addAll(CiBenchmark.run(scale()));
        }
        if (wanted("build")) {
            rows.addAll(WarmBuildBenchmark.run());
        }
        print(rows);
    }

    private static boolean wanted(String part) {
        String only = System.getProperty("benchmark.only", "");
        return only.isEmpty()
                || Stream.of(only.split(",", -1)).anyMatch(asked -> part.equals(asked) || part.startsWith(asked + "-"));
    }

    private static int scale() {
        return Integer.parseInt(System.getProperty("benchmark.scale", "1"));
    }

    private static void print(List<Row> rows) {
        PrintStream out = System.out;
        String format = "| %-58s | %16s | %16s | %9s | %8s |%n";
        out.printf(
                "%nMedians of %d on %d cores, %s, Java %s%n%n",
                RUNS, cores(), System.getProperty("os.arch"), Runtime.version());
        out.printf(format, "what", "measured", "compared with", "result", "goal");
        out.printf(format, "---", "---:", "---:", "---:", "---:");
        rows.forEach(row -> out.printf(format, row.what(), row.measured(), row.reference(), row.result(), row.goal()));
    }

    static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /**
     * A line of the table.
     *
     * @param what what was measured
     * @param measured its median
     * @param reference what it is compared with
     * @param result how the two compare
     * @param goal what the result should be
     */
    record Row(String what, String measured, String reference, String result, String goal) {}

    /** Something that takes time. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** How long work takes, in seconds. */
    static double seconds(Work work) throws IOException, InterruptedException {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    /** The middle one. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    static String megabytesPerSecond(long bytes, double seconds) {
        return String.format(Locale.ROOT, "%.0f MB/s", bytes / seconds / 1e6);
    }

    /** Runs a program to its end. */
    static void program(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        int exitCode = process.waitFor();
        if (exitCode != 0) {
            throw new IOException(command + " ended with " + exitCode);
        }
    }
}
