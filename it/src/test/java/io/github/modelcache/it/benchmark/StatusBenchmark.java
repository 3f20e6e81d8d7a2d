package io.github.modelcache.it.benchmark;

import io.github.modelcache.it.client.HubProgram;
import io.github.modelcache.it.maven.MavenBuild;
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
 * {@code cache:status} against {@code du -s} and {@code hf cache ls} of the same hub cache, without a lock: reading a lock of
 * 100,000 files takes longer than looking at them.
 */
final class StatusBenchmark {

    private static final int FILES = 100_000;
    private static final int RUNS = 5;
    private static final double MILLIS = 1000;
    private static final String SMALL = "-Xmx256m";
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private StatusBenchmark() {}

    static List<Benchmarks.Row> run(Path folder, int scale) throws IOException, InterruptedException {
        Path data = folder.resolve("status");
        HubCacheFiles.delete(data);
        List<Benchmarks.Row> rows = new ArrayList<>();
        int files = FILES / scale;
        try (WarmMaven warm = WarmMaven.start()) {
            Path project = data.resolve("files-" + files);
            new HubCacheFiles(files).project(project, COMMIT);
            Files.delete(project.resolve(Config.LOCK));
            MavenBuild status = warm.build().in(project).cache("status");
            compare(files, project, status.jvm(SMALL), "", rows);
            compare(files, project, status.jvm(SMALL + JvmOptions.LITTLE_COMPILING), " (little compiling)", rows);
            looks(warm, project, files).ifPresent(rows::add);
            rows.add(beside(files, project, status.jvm(SMALL)));
            return rows;
        } finally {
            HubCacheFiles.delete(data);
        }
    }

    private static void compare(int files, Path project, MavenBuild status, String how, List<Benchmarks.Row> rows)
            throws IOException, InterruptedException {
        List<Double> goal = new ArrayList<>();
        List<Double> peer = new ArrayList<>();
        // The first of each fills the disk's cache and does not count.
        for (int run = -1; run < RUNS; run++) {
            double du = Benchmarks.seconds(() -> Benchmarks.program(
                    List.of("du", "-s", project.resolve(".cache").toString())));
            double took = CleanBenchmark.took(status);
            if (run >= 0) {
                goal.add(took);
                peer.add(du);
            }
        }
        rows.add(row(files, how, Benchmarks.median(goal), Benchmarks.median(peer)));
    }

    /** Whole processes, both of which list what the hub cache holds. */
    private static Benchmarks.Row beside(int files, Path project, MavenBuild status)
            throws IOException, InterruptedException {
        ProcessBuilder hf = new ProcessBuilder(HubProgram.newest().toString(), "cache", "ls");
        hf.environment().put("HF_HOME", project.resolve(".cache/huggingface").toString());
        hf.environment().put("HF_HUB_OFFLINE", "1");
        List<Double> builds = new ArrayList<>();
        List<Double> lists = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            lists.add(Benchmarks.seconds(() -> Benchmarks.program(hf.redirectErrorStream(true))));
            builds.add(Benchmarks.seconds(() -> status.run().succeeded()));
        }
        double build = Benchmarks.median(builds);
        double list = Benchmarks.median(lists);
        return new Benchmarks.Row(
                "status of " + files + " hub files, whole build; hf cache ls",
                String.format(Locale.ROOT, "%.1f s", build),
                String.format(Locale.ROOT, "%.1f s", list),
                String.format(Locale.ROOT, "%.1f times", list / build),
                "");
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

    private static Benchmarks.Row row(int files, String how, double goal, double du) {
        return new Benchmarks.Row(
                "status of " + files + " hub files with " + SMALL + "; du -s" + how,
                String.format(Locale.ROOT, "%.0f ms", goal * MILLIS),
                String.format(Locale.ROOT, "%.0f ms", du * MILLIS),
                String.format(Locale.ROOT, "%.2f", goal / du),
                "<= 1.5");
    }
}
