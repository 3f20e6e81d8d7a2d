package io.github.modelcache.it.benchmark;

import io.github.modelcache.it.maven.WarmMaven;
import io.github.modelcache.it.project.Config;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code cache:status} against {@code du -s} of the same hub cache, without a lock: reading a lock of 100,000 files takes
 * longer than looking at them. And a million files in little memory.
 */
final class StatusBenchmark {

    private static final int FILES = 100_000;
    private static final int TIMES_AS_MANY = 10;
    private static final int RUNS = 5;
    private static final double MILLIS = 1000;
    private static final String SMALL = "-Xmx256m";
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private StatusBenchmark() {}

    static List<Benchmarks.Row> run(Path folder, int scale) throws IOException, InterruptedException {
        Path data = folder.resolve("status");
        HubCacheFiles.delete(data);
        List<Benchmarks.Row> rows = new ArrayList<>();
        try (WarmMaven warm = WarmMaven.start()) {
            for (int files : new int[] {FILES / scale, FILES / scale * TIMES_AS_MANY}) {
                Path project = data.resolve("files-" + files);
                new HubCacheFiles(files).project(project, COMMIT);
                Files.delete(project.resolve(Config.LOCK));
                List<Double> goal = new ArrayList<>();
                List<Double> peer = new ArrayList<>();
                // The first of each fills the disk's cache and does not count.
                for (int run = -1; run < RUNS; run++) {
                    double du = Benchmarks.seconds(() -> Benchmarks.program(
                            List.of("du", "-s", project.resolve(".cache").toString())));
                    double took = CleanBenchmark.took(
                            warm.build().in(project).jvm(SMALL).cache("status"));
                    if (run >= 0) {
                        goal.add(took);
                        peer.add(du);
                    }
                }
                rows.add(row(files, Benchmarks.median(goal), Benchmarks.median(peer)));
                looks(warm, project, files).ifPresent(rows::add);
            }
            return rows;
        } finally {
            HubCacheFiles.delete(data);
        }
    }

    /** How often the system is asked about an entry, if there is a program that counts that. */
    private static Optional<Benchmarks.Row> looks(WarmMaven warm, Path project, int files)
            throws IOException, InterruptedException {
        Path log = project.resolve("calls.txt");
        List<String> strace = List.of("strace", "-f", "-qq", "-e", "trace=%%stat,readlink,readlinkat", "-o");
        try {
            Benchmarks.program(HubCacheFiles.with(strace, log.toString(), "true"));
        } catch (IOException e) {
            return Optional.empty();
        }
        Process process = warm.build().in(project).cache("status").with("-q").start();
        List<String> attach = HubCacheFiles.with(strace, log.toString(), "-p", Long.toString(process.pid()));
        Process counting = new ProcessBuilder(attach).redirectErrorStream(true).start();
        process.getInputStream().transferTo(OutputStream.nullOutputStream());
        counting.waitFor();
        long calls;
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            calls = lines.filter(line -> line.contains("models--") && !line.contains("resumed>"))
                    .count();
        }
        Benchmarks.program(HubCacheFiles.with(strace, log.toString(), "du", "-s", project + "/.cache"));
        long du;
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            du = lines.count();
        }
        Files.delete(log);
        return Optional.of(new Benchmarks.Row(
                "looks (stat, readlink) of status of " + files + " hub files; du -s",
                String.format(Locale.ROOT, "%.2f a file", (double) calls / files),
                String.format(Locale.ROOT, "%.2f a file", (double) du / files),
                String.format(Locale.ROOT, "%.2f", (double) calls / du),
                ""));
    }

    private static Benchmarks.Row row(int files, double goal, double du) {
        return new Benchmarks.Row(
                "status of " + files + " hub files with " + SMALL + "; du -s",
                String.format(Locale.ROOT, "%.0f ms", goal * MILLIS),
                String.format(Locale.ROOT, "%.0f ms", du * MILLIS),
                String.format(Locale.ROOT, "%.2f", goal / du),
                "<= 1.5");
    }
}
