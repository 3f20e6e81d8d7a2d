package io.github.modelcache.it.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Runs the benchmarks and prints a table of each. {@code -Dbenchmark.only=status,hub-download} runs some, by name, or by the
 * beginning of names where none is called so; {@code -Dbenchmark.scale=8} divides the sizes, to see whether the benchmarks
 * themselves work; {@code -Dbenchmark.page=docs/dev/BENCHMARKS.md} puts the tables into that page of the project, in place of
 * older ones.
 */
public final class Benchmarks {

    /** Runs of each measured thing, where a benchmark says nothing else; the median counts. */
    static final int RUNS = 5;

    private static final List<Benchmark> ALL = List.of(
            new Benchmark(
                    "hashing",
                    "SHA-256 of files that are in memory, all cores at work, beside `openssl dgst` of one file.",
                    HashingBenchmark::run),
            new Benchmark(
                    "scan",
                    "What a scan adds to the hash of a downloaded file that is in memory. The last row is the format of"
                            + " PyTorch before 1.6.",
                    ScanBenchmark::run),
            new Benchmark(
                    "download",
                    "One large file from a server on this machine, hashed as it comes; beside `curl` and then"
                            + " `sha256sum`, and beside `aria2c` where it is installed, which hashes after the last byte.",
                    DownloadBenchmark::run),
            new Benchmark(
                    "line",
                    "One large file over a line with a round trip of 50 ms and a cap on each connection, with TLS;"
                            + " beside `curl`, which uses one connection, and `aria2c -x16` where it is installed. The"
                            + " plugin hashes, the others do not.",
                    LineBenchmark::run),
            new Benchmark(
                    "hub-download-small",
                    "`mvn cache:download`, which hashes, beside `hf download`, which does not, from the same stand-in"
                            + " for the hub into an empty cache: whole processes, then both without what printing their"
                            + " help takes.",
                    HubDownloadBenchmark::small),
            new Benchmark("hub-download-large", "The same with one large file.", HubDownloadBenchmark::large),
            new Benchmark(
                    "hub-download-resume",
                    "What is sent again of a large file after `kill -9`.",
                    HubDownloadBenchmark::resume),
            new Benchmark(
                    "hub-verify",
                    "`mvn cache:verify` of a hub cache: with all files read beside `hf cache verify`; with nothing"
                            + " changed beside `git status` of an equal tree, the time inside the goal.",
                    HubVerifyBenchmark::run),
            new Benchmark(
                    "hub-verify-million",
                    "`mvn cache:verify` of ten times as many files: what one file takes then.",
                    HubVerifyBenchmark::million),
            new Benchmark(
                    "status",
                    "`mvn cache:status` of a hub cache, the time inside the goal, beside `du -s`; and whole processes"
                            + " beside `hf cache ls`. Little compiling means the `Tier4` options of [ci.md](../ci.md).",
                    StatusBenchmark::run),
            new Benchmark(
                    "clean",
                    "`mvn cache:clean -Dcache.scope=models` of a hub cache, the time inside the goal, beside `rm -rf`"
                            + " of its like. Each file has a link, so there are twice as many entries.",
                    CleanBenchmark::run),
            new Benchmark(
                    "million",
                    "`mvn cache:status` and `mvn cache:clean` of a million files and as many links to them.",
                    MillionBenchmark::run),
            new Benchmark(
                    "migrate",
                    "`mvn cache:migrate` of a hub cache to another place on the same disk, beside `mv`; and the bytes"
                            + " that it writes.",
                    MigrateBenchmark::run),
            new Benchmark(
                    "memory",
                    "One file far larger than the heap; the most memory that the process had.",
                    (folder, scale) -> MemoryBenchmark.run(scale)),
            new Benchmark(
                    "registry-push",
                    "`mvn cache:push` beside `skopeo copy` from an OCI layout, into an empty registry of the CNCF's"
                            + " distribution project.",
                    (folder, scale) -> RegistryBenchmark.push(scale)),
            new Benchmark(
                    "registry-push-again",
                    "`mvn cache:push` of what the registry has already, beside a goal that does nothing.",
                    (folder, scale) -> RegistryBenchmark.pushAgain(scale)),
            new Benchmark(
                    "registry-pull",
                    "`mvn cache:pull` beside `skopeo copy` into a folder, from the same registry; both hash.",
                    (folder, scale) -> RegistryBenchmark.pull(scale)),
            new Benchmark(
                    "registry-push-large",
                    "The same without the small files, whose progress bars cost skopeo more than their bytes.",
                    (folder, scale) -> RegistryBenchmark.pushLarge(scale)),
            new Benchmark(
                    "registry-pull-large",
                    "The same without the small files.",
                    (folder, scale) -> RegistryBenchmark.pullLarge(scale)),
            new Benchmark(
                    "registry-many",
                    "More files than one manifest names, through the same registry.",
                    (folder, scale) -> RegistryBenchmark.many(scale)),
            new Benchmark(
                    "registry-memory",
                    "The most memory that Maven had while it pushed and pulled one file.",
                    (folder, scale) -> RegistryBenchmark.memory(scale)),
            new Benchmark(
                    "ci",
                    "What a CI job pays for its models: from the hub each time, from the CI's own cache (an archive,"
                            + " packed and unpacked), from a registry.",
                    (folder, scale) -> CiBenchmark.run(scale)),
            new Benchmark(
                    "build",
                    "What `init`, `download` and `verify` add to a build whose models are there already.",
                    (folder, scale) -> WarmBuildBenchmark.run()));

    private Benchmarks() {}

    /** Runs what the system properties ask for. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(System.getProperty("it.target"), "benchmarks"));
        String page = System.getProperty("benchmark.page", "");
        for (Benchmark benchmark : ALL) {
            if (wanted(benchmark.name())) {
                Section section =
                        new Section(benchmark, scale(), benchmark.run().rows(folder, scale()));
                System.out.println(section.text());
                if (!page.isEmpty()) {
                    Path project = Path.of(System.getProperty("benchmark.project", ""));
                    new BenchmarkPage(project.resolve(page)).put(section);
                }
            }
        }
    }

    private static boolean wanted(String name) {
        String only = System.getProperty("benchmark.only", "");
        return only.isEmpty() || Stream.of(only.split(",", -1)).anyMatch(asked -> named(name, asked));
    }

    private static boolean named(String name, String asked) {
        boolean exact = ALL.stream().anyMatch(benchmark -> benchmark.name().equals(asked));
        return exact ? name.equals(asked) : name.startsWith(asked + "-");
    }

    private static int scale() {
        return Integer.parseInt(System.getProperty("benchmark.scale", "1"));
    }

    static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /**
     * A part of the benchmarks.
     *
     * @param name what it is asked for by
     * @param about what is compared with what, in a sentence
     */
    record Benchmark(String name, String about, Measurement run) {}

    /** What a benchmark does. */
    @FunctionalInterface
    interface Measurement {
        /**
         * Measures.
         *
         * @param folder for its data, which it deletes
         * @param scale what the sizes are divided by
         */
        List<Row> rows(Path folder, int scale) throws IOException, InterruptedException;
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
        program(new ProcessBuilder(command).redirectErrorStream(true));
    }

    /** Runs a command to its end, whatever it prints. */
    static void program(ProcessBuilder command) throws IOException, InterruptedException {
        int exitCode =
                command.redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        if (exitCode != 0) {
            throw new IOException(command.command() + " ended with " + exitCode);
        }
    }
}
