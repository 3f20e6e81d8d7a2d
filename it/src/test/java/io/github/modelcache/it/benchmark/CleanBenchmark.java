package io.github.modelcache.it.benchmark;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.WarmMaven;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code cache:clean} of all models against {@code rm -rf} of the same files, both of a cache that was just made. Files
 * and their links count as the disk sees them: twice as many entries.
 */
final class CleanBenchmark {

    private static final int FILES = 100_000;
    private static final int RUNS = 3;
    private static final double MILLIS = 1000;
    private static final String SMALL = "-Xmx256m";
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final Pattern TOOK = Pattern.compile("Took (\\d+) ms");

    private CleanBenchmark() {}

    static List<Benchmarks.Row> run(Path folder, int scale) throws IOException, InterruptedException {
        Path data = folder.resolve("clean");
        HubCacheFiles.delete(data);
        HubCacheFiles cache = new HubCacheFiles(FILES / scale);
        List<Double> goal = new ArrayList<>();
        List<Double> littleCompiling = new ArrayList<>();
        List<Double> peer = new ArrayList<>();
        try (WarmMaven warm = WarmMaven.start()) {
            for (int run = 0; run < RUNS; run++) {
                Path cleaned = data.resolve("cleaned-" + run);
                Path quickly = data.resolve("quickly-" + run);
                Path removed = data.resolve("removed-" + run);
                for (Path project : List.of(cleaned, quickly, removed)) {
                    cache.project(project, COMMIT);
                }
                RegistryBenchmark.settle();
                Path root = removed.resolve(".cache/huggingface");
                peer.add(Benchmarks.seconds(() -> Benchmarks.program(List.of("rm", "-rf", root.toString()))));
                RegistryBenchmark.settle();
                goal.add(clean(warm.build().in(cleaned).jvm(SMALL)));
                RegistryBenchmark.settle();
                littleCompiling.add(clean(warm.build().in(quickly).jvm(SMALL + JvmOptions.LITTLE_COMPILING)));
            }
        } finally {
            HubCacheFiles.delete(data);
        }
        String what = "clean of " + FILES / scale + " hub files with " + SMALL + "; rm -rf";
        return List.of(row(what, goal, peer), row(what + " (little compiling)", littleCompiling, peer));
    }

    private static Benchmarks.Row row(String what, List<Double> goal, List<Double> peer) {
        double measured = Benchmarks.median(goal);
        double reference = Benchmarks.median(peer);
        return new Benchmarks.Row(
                what,
                String.format(Locale.ROOT, "%.0f ms", measured * MILLIS),
                String.format(Locale.ROOT, "%.0f ms", reference * MILLIS),
                String.format(Locale.ROOT, "%.2f", measured / reference),
                "<= 1.0");
    }

    private static double clean(MavenBuild build) throws IOException {
        return took(build.cache("clean").property("cache.scope", "models"));
    }

    /** Runs a build; the seconds that its goal says it took. */
    static double took(MavenBuild build) throws IOException {
        String output = build.with("-X").run().succeeded().output();
        Matcher took = TOOK.matcher(output);
        if (!took.find()) {
            throw new IOException("the goal did not say how long it took");
        }
        return Long.parseLong(took.group(1)) / MILLIS;
    }
}
