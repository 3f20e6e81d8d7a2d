package io.github.modelcache.it.benchmark;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.WarmMaven;
import io.github.modelcache.it.project.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code cache:status} and {@code cache:clean} of a million files, and as many links to them, with 1 GB of memory. */
final class MillionBenchmark {

    private static final int FILES = 1_000_000;
    private static final String SMALL = "-Xmx1g";
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private MillionBenchmark() {}

    static List<Benchmarks.Row> run(Path folder, int scale) throws IOException, InterruptedException {
        Path data = folder.resolve("million");
        HubCacheFiles.delete(data);
        int files = FILES / scale;
        Path project = data.resolve("project");
        try (WarmMaven warm = WarmMaven.start()) {
            new HubCacheFiles(files).project(project, COMMIT);
            Files.delete(project.resolve(Config.LOCK));
            Path cache = project.resolve(".cache");
            double du = Benchmarks.seconds(() -> Benchmarks.program(List.of("du", "-s", cache.toString())));
            MavenBuild build = warm.build().in(project).jvm(SMALL);
            double status = CleanBenchmark.took(build.cache("status"));
            double clean = CleanBenchmark.took(build.cache("clean").property("cache.scope", "models"));
            return List.of(
                    row("status of " + files + " hub files with " + SMALL + "; du -s", status, seconds(du)),
                    row("clean of " + files + " hub files with " + SMALL, clean, ""));
        } finally {
            HubCacheFiles.delete(data);
        }
    }

    private static Benchmarks.Row row(String what, double took, String beside) {
        return new Benchmarks.Row(what, seconds(took), beside, "works", "works");
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }
}
