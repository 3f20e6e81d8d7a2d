package io.github.modelcache.it.benchmark;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.WarmMaven;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Download and verification of a model far larger than the memory that Maven may use. */
final class MemoryBenchmark {

    private static final String SMALL = "-Xmx64m";
    private static final int POLL_MILLIS = 50;

    private MemoryBenchmark() {}

    static List<Benchmarks.Row> run(int scale) throws IOException, InterruptedException {
        long size = (8L << 30) / scale;
        try (ContentServer server = ContentServer.start();
                WarmMaven warm = WarmMaven.start()) {
            warm.workspace()
                    .write(
                            Config.FILE,
                            Config.empty()
                                    .member("max_size", "\"90GB\"")
                                    .url(server.uri(size), "model.bin")
                                    .toString());
            MavenBuild maven = warm.build().jvm(SMALL);
            Peak download =
                    measure(() -> maven.cache("init", "lock", "download").run().succeeded());
            Peak verify = measure(() ->
                    maven.cache("verify").property("cache.rehash", "true").run().succeeded());
            Report report = Report.read(warm.workspace().file(".cache/reports/verify.json"));
            String hashed = String.format(Locale.ROOT, "%d MiB hashed", report.summary("bytesHashed") >> 20);
            return List.of(
                    row("download of " + (size >> 20) + " MiB with " + SMALL, download, "", size),
                    row("verify of " + (size >> 20) + " MiB with " + SMALL, verify, hashed, size));
        }
    }

    private static Benchmarks.Row row(String what, Peak peak, String note, long size) {
        return new Benchmarks.Row(
                what,
                peak.bytes() == 0 ? "works" : (peak.bytes() >> 20) + " MiB RSS",
                note,
                Benchmarks.megabytesPerSecond(size, peak.seconds()),
                "works");
    }

    /** Runs a build and watches the process of Maven. */
    static Peak measure(Benchmarks.Work work) throws IOException, InterruptedException {
        AtomicLong peak = new AtomicLong();
        Thread watcher = new Thread(() -> watch(peak), "peak-memory");
        watcher.setDaemon(true);
        watcher.start();
        double seconds = Benchmarks.seconds(work);
        watcher.interrupt();
        watcher.join();
        return new Peak(peak.get(), seconds);
    }

    private static void watch(AtomicLong peak) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                ProcessHandle.current()
                        .descendants()
                        .filter(process -> process.info()
                                .arguments()
                                .map(MemoryBenchmark::isMaven)
                                .orElse(false))
                        .forEach(process -> peak.accumulateAndGet(residentPeak(process.pid()), Math::max));
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException done) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isMaven(String... arguments) {
        return List.of(arguments).contains(SMALL);
    }

    /** Linux tells it; elsewhere the benchmark shows only that it works. */
    private static long residentPeak(long pid) {
        Path status = Path.of("/proc", String.valueOf(pid), "status");
        try {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException ended) {
            return 0;
        }
        return 0;
    }

    /** The most memory that the process had, in bytes, or 0 where that is not told; and how long it ran. */
    record Peak(long bytes, double seconds) {}
}
