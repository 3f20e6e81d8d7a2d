package io.github.modelcache.it.benchmark;

import io.github.modelcache.it.client.HubProgram;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.WarmMaven;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * {@code mvn cache:download}, which hashes, against {@code hf download} of the newest {@code huggingface_hub}, which
 * does not: whole processes against whole processes, and both once more without the time that each takes to print its
 * help. Both fetch from the stand-in hub into an empty cache. And what is sent again after a kill.
 */
final class HubDownloadBenchmark {

    private static final String REPOSITORY = "bench/model";
    private static final int MEBIBYTE = 1 << 20;
    private static final int SMALL_FILES = 2000;
    private static final int SMALL_BYTES = 64 << 10;
    private static final int LARGE_RUNS = 3;
    private static final int KILL_PERCENT = 90;

    private final WarmMaven warm;
    private final Path hf;
    private final List<Path> done = new ArrayList<>();
    private int folders;

    private HubDownloadBenchmark(WarmMaven warm, Path hf) {
        this.warm = warm;
        this.hf = hf;
    }

    /** Many small files. */
    static List<Benchmarks.Row> small(Path folder, int scale) throws IOException, InterruptedException {
        int files = Math.max(1, SMALL_FILES / scale);
        return run(folder, (benchmark, data) -> {
            for (int i = 0; i < files; i++) {
                write(data.resolve("part-" + i / 100 + "/file-" + i + ".bin"), SMALL_BYTES, i);
            }
            return benchmark.compare(
                    files + " files of 64 KiB", data, Benchmarks.RUNS, ">= 4.0", 1.0 * files, "%.0f files/s", false);
        });
    }

    /** One large file. */
    static List<Benchmarks.Row> large(Path folder, int scale) throws IOException, InterruptedException {
        long size = (4L << 30) / scale;
        return run(folder, (benchmark, data) -> {
            write(data.resolve("model.bin"), size, 1);
            return benchmark.compare(
                    "one file of " + size / MEBIBYTE + " MiB",
                    data,
                    LARGE_RUNS,
                    ">= 1.2",
                    size / 1e6,
                    "%.0f MB/s",
                    true);
        });
    }

    /** One large file whose download is killed. */
    static List<Benchmarks.Row> resume(Path folder, int scale) throws IOException, InterruptedException {
        long size = (4L << 30) / scale;
        return run(folder, (benchmark, data) -> {
            write(data.resolve("model.bin"), size, 1);
            return List.of(benchmark.resume(data, size));
        });
    }

    @FunctionalInterface
    private interface Part {
        List<Benchmarks.Row> run(HubDownloadBenchmark benchmark, Path data) throws IOException, InterruptedException;
    }

    private static List<Benchmarks.Row> run(Path folder, Part part) throws IOException, InterruptedException {
        Path data = folder.resolve("hub");
        delete(data);
        try (WarmMaven warm = WarmMaven.start()) {
            return part.run(new HubDownloadBenchmark(warm, HubProgram.newest()), data);
        } finally {
            delete(data);
        }
    }

    /** Seconds of the whole process, and of the part after its start. */
    private record Times(double whole, double work) {}

    /**
     * Compares the two.
     *
     * @param large whether the disk has no room for all runs. Otherwise nothing is deleted in between: for half a minute
     *     ext4 looks at each inode that was just deleted before it makes a new file, which costs thousands of files
     *     seconds
     */
    private List<Benchmarks.Row> compare(
            String what, Path data, int runs, String goal, double amount, String unit, boolean large)
            throws IOException, InterruptedException {
        List<Times> ours = new ArrayList<>();
        List<Times> theirs = new ArrayList<>();
        try (HubServer hub = HubServer.start(REPOSITORY, data)) {
            // The first pair fills the disk's cache and warms the server; it does not count.
            for (int run = -1; run < runs; run++) {
                Times plugin = plugin(hub.endpoint());
                Times peer = peer(hub.endpoint());
                if (run >= 0) {
                    ours.add(plugin);
                    theirs.add(peer);
                }
                if (large) {
                    deleteDone();
                }
            }
        }
        deleteDone();
        double whole = Benchmarks.median(ours.stream().map(Times::whole).toList());
        double peerWhole = Benchmarks.median(theirs.stream().map(Times::whole).toList());
        double work = Benchmarks.median(ours.stream().map(Times::work).toList());
        double peerWork = Benchmarks.median(theirs.stream().map(Times::work).toList());
        return List.of(
                row(what + "; hf download", whole, peerWhole, goal, amount, unit),
                row(what + ", without the start of each", work, peerWork, goal, amount, unit));
    }

    private static Benchmarks.Row row(
            String what, double seconds, double peer, String goal, double amount, String unit) {
        return new Benchmarks.Row(
                what,
                String.format(Locale.ROOT, "%.1f s " + unit, seconds, amount / seconds),
                String.format(Locale.ROOT, "%.1f s " + unit, peer, amount / peer),
                String.format(Locale.ROOT, "%.2f", peer / seconds),
                goal);
    }

    private Times plugin(URI hub) throws IOException, InterruptedException {
        Path project = project();
        MavenBuild build = build(project, hub, "download");
        settle();
        double start =
                Benchmarks.seconds(() -> build(project, hub, "help").run().succeeded());
        double whole = Benchmarks.seconds(() -> build.run().succeeded());
        done.add(project);
        return new Times(whole, whole - start);
    }

    private Times peer(URI hub) throws IOException, InterruptedException {
        Path home = folder();
        settle();
        double start = Benchmarks.seconds(() -> hf(home, hub, "download", "--help"));
        double whole = Benchmarks.seconds(() -> hf(home, hub, "download", REPOSITORY));
        done.add(home);
        return new Times(whole, whole - start);
    }

    private void hf(Path home, URI hub, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(hf.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("HF_HOME", home.toString());
        builder.environment().put("HF_ENDPOINT", hub.toString());
        builder.environment().put("HF_HUB_DISABLE_UPDATE_CHECK", "1");
        builder.environment().put("HF_HUB_DISABLE_TELEMETRY", "1");
        if (builder.start().waitFor() != 0) {
            throw new IOException(command + " failed");
        }
    }

    /** How much of a file is sent again when the build is killed once most of it is on the disk. */
    private Benchmarks.Row resume(Path data, long size) throws IOException, InterruptedException {
        try (StandInHub hub = StandInHub.start()) {
            hub.add(REPOSITORY, data);
            Path project = project();
            MavenBuild build = build(project, hub.endpoint(), "download");
            Thread first = new Thread(build::run, "killed-build");
            first.start();
            killAt(project, size / 100 * KILL_PERCENT);
            first.join();
            long before = Math.min(hub.bytesSent(), partial(project));
            hub.forget();
            build.run().succeeded();
            long again = before + hub.bytesSent() - size;
            delete(project);
            return new Benchmarks.Row(
                    "resume after kill -9 at " + before * 100 / size + " %; the file",
                    again / MEBIBYTE + " MiB again",
                    size / MEBIBYTE + " MiB",
                    String.format(Locale.ROOT, "%.1f %%", again * 100.0 / size),
                    "<= 15 %");
        }
    }

    private static void killAt(Path project, long bytes) throws IOException {
        while (partial(project) < bytes) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
        ProcessHandle.current()
                .descendants()
                .filter(process -> process.info()
                        .arguments()
                        .map(arguments -> String.join(" ", arguments).contains(project.toString()))
                        .orElse(false))
                .forEach(ProcessHandle::destroyForcibly);
    }

    /** The bytes of partial files. */
    private static long partial(Path project) throws IOException {
        Path cache = project.resolve(".cache/huggingface/hub/models--bench--model/blobs");
        if (!Files.isDirectory(cache)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(cache)) {
            return files.filter(file -> file.toString().endsWith(".incomplete"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private MavenBuild build(Path project, URI hub, String goal) {
        return warm.build()
                .jvm("")
                .in(project)
                .cache(goal)
                .property("cache.endpoint", hub.toString())
                .property("benchmark.project", project.toString());
    }

    private Path project() throws IOException {
        Path project = folder();
        warm.workspace()
                .write(
                        project.resolve(Config.FILE),
                        Config.empty().model("hf:" + REPOSITORY).toString());
        return project;
    }

    private Path folder() throws IOException {
        return Files.createDirectories(warm.workspace().root().resolve("run-" + folders++));
    }

    /** Lets the disk finish with what came before, so that nobody writes another one's bytes. */
    private static void settle() throws IOException, InterruptedException {
        Benchmarks.program(List.of("sync"));
        TimeUnit.SECONDS.sleep(1);
    }

    private static void write(Path file, long size, int seed) throws IOException {
        Files.createDirectories(file.getParent());
        byte[] block = new byte[(int) Math.min(size, MEBIBYTE)];
        Random random = new Random(seed);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long written = 0; written < size; written += block.length) {
                random.nextBytes(block);
                out.write(block, 0, (int) Math.min(block.length, size - written));
            }
        }
    }

    private void deleteDone() throws IOException {
        for (Path folder : done) {
            delete(folder);
        }
        done.clear();
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
