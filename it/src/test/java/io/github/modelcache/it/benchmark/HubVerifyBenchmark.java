package io.github.modelcache.it.benchmark;

import io.github.modelcache.it.client.HubProgram;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.WarmMaven;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code cache:verify} of a hub cache of very many files: when nothing changed, against {@code git status} of the same
 * files; with all of them read, against {@code hf cache verify} of the same cache; and, by itself, with ten times as many.
 */
final class HubVerifyBenchmark {

    private static final int FILES = 100_000;
    private static final int TIMES_AS_MANY = 10;
    private static final int RUNS = 7;
    private static final double MILLIS = 1000;
    private static final String SMALL = "-Xmx256m";
    /** What the lock of a million files needs when it has to be read, after a change. */
    private static final String LARGE = "-Xmx1g";
    /** Maven's own default leaves the JVM to warm up; many builds of a few seconds stop at the first tier. */
    private static final String FIRST_TIER = " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final Pattern HEAP = Pattern.compile("(\\d+)M->\\d+M\\(\\d+M\\)");

    private final Path data;
    private final MavenBuild maven;
    private int logs;

    private HubVerifyBenchmark(Path data, MavenBuild maven) {
        this.data = data;
        this.maven = maven;
    }

    static List<Benchmarks.Row> run(Path folder, int scale) throws IOException, InterruptedException {
        return in(folder, (benchmark, rows) -> benchmark.compare(FILES / scale, rows));
    }

    static List<Benchmarks.Row> million(Path folder, int scale) throws IOException, InterruptedException {
        return in(folder, (benchmark, rows) -> benchmark.grow(FILES / scale, rows));
    }

    private interface Part {
        void measure(HubVerifyBenchmark benchmark, List<Benchmarks.Row> rows) throws IOException, InterruptedException;
    }

    private static List<Benchmarks.Row> in(Path folder, Part part) throws IOException, InterruptedException {
        Path data = folder.resolve("hub-verify");
        HubCacheFiles.delete(data);
        try (WarmMaven warm = WarmMaven.start()) {
            List<Benchmarks.Row> rows = new ArrayList<>();
            part.measure(new HubVerifyBenchmark(data, warm.build()), rows);
            return rows;
        } finally {
            HubCacheFiles.delete(data);
        }
    }

    /** Seconds inside the goal, of the whole build, and the most memory before a collection. */
    private record Verified(double goal, double build, long heapMebibytes) {}

    private void compare(int files, List<Benchmarks.Row> rows) throws IOException, InterruptedException {
        HubCacheFiles cache = new HubCacheFiles(files);
        Path tree = data.resolve("tree");
        List<String> status = HubCacheFiles.with(cache.gitTree(tree), "status");
        Path project = data.resolve("project");
        try (StandInHub hub = StandInHub.start()) {
            cache.project(project, hub.add(HubCacheFiles.ID, tree));
            build(project, "").cache("init").run().succeeded();
            Verified cold = verified(project, SMALL, true);
            double peer = Benchmarks.seconds(() -> hf(project, hub));
            rows.add(new Benchmarks.Row(
                    "verify of " + files + " hub files, all read; hf cache verify",
                    seconds(cold.build()),
                    seconds(peer),
                    String.format(Locale.ROOT, "%.1f times", peer / cold.build()),
                    ""));
            rows.add(heap("the same with " + SMALL, cold));
        }
        compareWarm(files, project, status, SMALL, rows);
        compareWarm(files, project, status, SMALL + FIRST_TIER, rows);
    }

    private void compareWarm(int files, Path project, List<String> status, String jvm, List<Benchmarks.Row> rows)
            throws IOException, InterruptedException {
        List<Verified> runs = new ArrayList<>();
        List<Double> git = new ArrayList<>();
        // The first of each fills the disk's cache and does not count.
        for (int run = -1; run < RUNS; run++) {
            double peer = Benchmarks.seconds(() -> Benchmarks.program(status));
            Verified verified = verified(project, jvm, false);
            if (run >= 0) {
                git.add(peer);
                runs.add(verified);
            }
        }
        double goal = Benchmarks.median(runs.stream().map(Verified::goal).toList());
        double reference = Benchmarks.median(git);
        rows.add(new Benchmarks.Row(
                "verify of " + files + " hub files, unchanged; git status" + (jvm.equals(SMALL) ? "" : " (first tier)"),
                millis(goal),
                millis(reference),
                String.format(Locale.ROOT, "%.2f", goal / reference),
                "<= 1.5"));
        if (jvm.equals(SMALL)) {
            rows.add(heap("the same with " + SMALL, runs.get(0)));
        }
    }

    private void grow(int tenth, List<Benchmarks.Row> rows) throws IOException, InterruptedException {
        int files = tenth * TIMES_AS_MANY;
        double before = unchanged(filled("tenth", tenth)) / tenth;
        Path project = filled("large", files);
        Verified first = verified(project, LARGE, false);
        rows.add(heap("verify of " + files + " hub files, all read, with " + LARGE, first));
        double now = unchanged(project) / files;
        rows.add(new Benchmarks.Row(
                "a file of " + files + ", unchanged; of a tenth of them",
                micros(now),
                micros(before),
                String.format(Locale.ROOT, "%.2f", now / before),
                "<= 1.3"));
        rows.add(heap("the same with " + SMALL, verified(project, SMALL, false)));
    }

    private Path filled(String name, int files) throws IOException, InterruptedException {
        Path project = data.resolve(name);
        new HubCacheFiles(files).project(project, COMMIT);
        build(project, "").cache("init").run().succeeded();
        return project;
    }

    /** Seconds inside the goal when nothing has changed since the last look. */
    private double unchanged(Path project) throws IOException, InterruptedException {
        verified(project, LARGE, false);
        List<Double> goals = new ArrayList<>();
        for (int run = -1; run < RUNS; run++) {
            double goal = verified(project, SMALL, false).goal();
            if (run >= 0) {
                goals.add(goal);
            }
        }
        return Benchmarks.median(goals);
    }

    private static Benchmarks.Row heap(String what, Verified verified) {
        return new Benchmarks.Row(
                what, verified.heapMebibytes() + " MiB heap", seconds(verified.goal()) + " in goal", "works", "works");
    }

    private MavenBuild build(Path project, String jvm) {
        return maven.in(project).jvm(jvm);
    }

    private Verified verified(Path project, String jvm, boolean rehash) throws IOException, InterruptedException {
        Path log = data.resolve("gc-" + logs++ + ".log");
        MavenBuild build = build(project, jvm + " -Xlog:gc:file=" + log)
                .cache("verify")
                .property("cache.rehash", String.valueOf(rehash));
        double seconds = Benchmarks.seconds(() -> build.run().succeeded());
        Report report = Report.read(project.resolve(".cache/reports/verify.json"));
        double goal = report.root().path("durationMillis").asLong() / MILLIS;
        return new Verified(goal, seconds, heap(log));
    }

    private static long heap(Path log) throws IOException {
        long most = 0;
        for (String line : Files.readAllLines(log)) {
            Matcher collection = HEAP.matcher(line);
            if (collection.find()) {
                most = Math.max(most, Long.parseLong(collection.group(1)));
            }
        }
        return most;
    }

    private static void hf(Path project, StandInHub hub) throws IOException, InterruptedException {
        List<String> command = List.of(HubProgram.newest().toString(), "cache", "verify", HubCacheFiles.ID);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .put("HF_HOME", project.resolve(".cache/huggingface").toString());
        builder.environment().put("HF_ENDPOINT", hub.endpoint().toString());
        builder.environment().put("HF_HUB_DISABLE_UPDATE_CHECK", "1");
        builder.environment().put("HF_HUB_DISABLE_TELEMETRY", "1");
        if (builder.start().waitFor() != 0) {
            throw new IOException(command + " failed");
        }
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }

    private static String millis(double seconds) {
        return String.format(Locale.ROOT, "%.0f ms", seconds * MILLIS);
    }

    private static String micros(double seconds) {
        return String.format(Locale.ROOT, "%.2f us", seconds * MILLIS * MILLIS);
    }
}
