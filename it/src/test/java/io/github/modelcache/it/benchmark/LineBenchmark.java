package io.github.modelcache.it.benchmark;

import io.github.modelcache.http.ExpectedContent;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.it.registry.Program;
import io.github.modelcache.it.registry.Programs;
import io.github.modelcache.testing.RangeServer;
import io.github.modelcache.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToLongFunction;
import javax.net.ssl.SSLContext;

/** One large file over a line with latency whose connections are capped, beside {@code curl} and {@code aria2c}. */
final class LineBenchmark {
    private static final int RUNS = 3;
    private static final int ROUND_TRIP_MILLIS = 50;
    private static final int LARGE_BYTES = 512 << 20;
    private static final long CAP = 10_000_000;
    private static final long SLOW = 2_000_000;
    private static final long FAST = 16_000_000;

    private final Path target;
    private final URI uri;
    private final int size;

    private LineBenchmark(Path target, URI uri, int size) {
        this.target = target;
        this.uri = uri;
        this.size = size;
    }

    static List<Benchmarks.Row> run(Path folder, int scale) throws IOException, InterruptedException {
        byte[] content = new byte[LARGE_BYTES / scale];
        new Random(1).nextBytes(content);
        SSLContext before = systemTls();
        SSLContext tls = certified(folder);
        SSLContext.setDefault(tls);
        try (RangeServer server = new RangeServer(
                content, tls.getServerSocketFactory().createServerSocket(0, 100, InetAddress.getLoopbackAddress()))) {
            List<Benchmarks.Row> rows = new ArrayList<>();
            rows.addAll(compare(folder, server, content.length, "10 MB/s a connection", connection -> CAP));
            // Seven of ten, as edges of the hub's object store were seen.
            rows.addAll(compare(
                    folder,
                    server,
                    content.length,
                    "7 of 10 connections at 2 MB/s, others at 16",
                    connection -> connection * 3 % 10 < 7 ? SLOW : FAST));
            return rows;
        } finally {
            SSLContext.setDefault(before);
        }
    }

    private static SSLContext systemTls() throws IOException {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    private static SSLContext certified(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder.resolve("keys.p12"));
            return TestCertificate.of("localhost", folder);
        } catch (Exception e) {
            throw new IOException("no certificate can be made", e);
        }
    }

    private static List<Benchmarks.Row> compare(
            Path folder, RangeServer server, int size, String what, IntToLongFunction cap)
            throws IOException, InterruptedException {
        try (DelayedLine line = new DelayedLine(server.uri("/m").getPort(), ROUND_TRIP_MILLIS, cap)) {
            URI uri = URI.create("https://localhost:" + line.port() + "/m");
            LineBenchmark benchmark = new LineBenchmark(folder.resolve("line.bin"), uri, size);
            String name = (size >> 20) + " MiB, TLS, 50 ms, " + what;
            double ours = benchmark.median(benchmark::plugin);
            List<Benchmarks.Row> rows = new ArrayList<>();
            rows.add(row(name + "; curl", ours, benchmark.median(benchmark::curl), ">= 4.0", size));
            Optional<Program> aria = Programs.ofThisMachine().find("aria2c");
            if (aria.isPresent()) {
                double theirs = benchmark.median(() -> benchmark.aria(aria.get()));
                rows.add(row(name + "; aria2c -x16", ours, theirs, ">= 0.67", size));
            }
            return rows;
        }
    }

    private static Benchmarks.Row row(String what, double seconds, double peer, String goal, int size) {
        return new Benchmarks.Row(
                what,
                Benchmarks.megabytesPerSecond(size, seconds),
                Benchmarks.megabytesPerSecond(size, peer),
                String.format(Locale.ROOT, "%.2f", peer / seconds),
                goal);
    }

    @FunctionalInterface
    private interface Fetch {
        void run() throws IOException, InterruptedException;
    }

    private double median(Fetch fetch) throws IOException, InterruptedException {
        List<Double> seconds = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            seconds.add(Benchmarks.seconds(fetch::run));
            Files.delete(target);
        }
        return Benchmarks.median(seconds);
    }

    private void plugin() throws IOException, InterruptedException {
        Duration patience = Duration.ofSeconds(30);
        HttpOptions options = new HttpOptions(
                patience, patience, 3, pause -> {}, at -> Optional.empty(), at -> Proxy.NO_PROXY, "benchmark");
        try (HttpTransfer http = new HttpTransfer(options)) {
            http.fetch(uri, target, new ExpectedContent(size, Optional.empty()), TransferProgress.NONE);
        }
    }

    private void curl() throws IOException, InterruptedException {
        Benchmarks.program(List.of("curl", "-skf", "-o", target.toString(), uri.toString()));
    }

    private void aria(Program aria) throws IOException, InterruptedException {
        Benchmarks.program(aria.command(List.of(
                "-q",
                "-x16",
                "-s16",
                "-k1M",
                "--check-certificate=false",
                "--file-allocation=none",
                "-d",
                String.valueOf(target.getParent()),
                "-o",
                String.valueOf(target.getFileName()),
                uri.toString())));
    }
}
