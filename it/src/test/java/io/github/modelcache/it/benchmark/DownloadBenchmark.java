package io.github.modelcache.it.benchmark;

import io.github.modelcache.io.Expectation;
import io.github.modelcache.io.HttpOptions;
import io.github.modelcache.io.HttpTransfer;
import io.github.modelcache.io.TransferProgress;
import io.github.modelcache.io.Transferred;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The plugin's download, which hashes as it goes, against {@code curl} and then {@code sha256sum}. */
final class DownloadBenchmark {

    private DownloadBenchmark() {}

    static List<Benchmarks.Row> run(Path folder, int scale) throws IOException, InterruptedException {
        long size = (4L << 30) / scale;
        Path ours = folder.resolve("download-ours.bin");
        Path theirs = folder.resolve("download-curl.bin");
        try (ContentServer server = ContentServer.start()) {
            URI uri = server.uri(size);
            List<Double> measured = new ArrayList<>();
            List<Double> reference = new ArrayList<>();
            for (int run = 0; run < Benchmarks.RUNS; run++) {
                Files.deleteIfExists(theirs);
                reference.add(Benchmarks.seconds(() -> {
                    Benchmarks.program(List.of("curl", "-sf", "-o", theirs.toString(), uri.toString()));
                    Benchmarks.program(List.of("sha256sum", theirs.toString()));
                }));
                Files.deleteIfExists(theirs);
                measured.add(Benchmarks.seconds(() -> fetch(uri, ours, size)));
                Files.deleteIfExists(ours);
            }
            double seconds = Benchmarks.median(measured);
            double referenceSeconds = Benchmarks.median(reference);
            return List.of(new Benchmarks.Row(
                    "download and hash " + (size >> 20) + " MiB; curl, then sha256sum",
                    Benchmarks.megabytesPerSecond(size, seconds),
                    Benchmarks.megabytesPerSecond(size, referenceSeconds),
                    String.format(Locale.ROOT, "%.2f", referenceSeconds / seconds),
                    ">= 1.0"));
        } finally {
            Files.deleteIfExists(ours);
            Files.deleteIfExists(theirs);
        }
    }

    private static void fetch(URI uri, Path target, long size) throws IOException, InterruptedException {
        Transferred transferred = new HttpTransfer(options())
                .fetch(uri, target, new Expectation(size, Optional.empty()), TransferProgress.NONE);
        if (transferred.size() != size) {
            throw new IOException("Only " + transferred.size() + " bytes came");
        }
    }

    private static HttpOptions options() {
        Duration patience = Duration.ofSeconds(30);
        return new HttpOptions(
                patience, patience, 0, pause -> {}, uri -> Optional.empty(), uri -> Proxy.NO_PROXY, "benchmark");
    }
}
