package io.github.modelcache.it.benchmark;

import io.github.modelcache.it.maven.WarmMaven;
import io.github.modelcache.it.project.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
            }
            return rows;
        } finally {
            HubCacheFiles.delete(data);
        }
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
