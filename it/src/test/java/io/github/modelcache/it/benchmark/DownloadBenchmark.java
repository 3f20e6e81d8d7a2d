package io.github.modelcache.it.benchmark;

import io.github.modelcache.http.ExpectedContent;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.http.TransferResult;
import io.github.modelcache.it.registry.Program;
import io.github.modelcache.it.registry.Programs;
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

    /** Another program that fetches a file and checks its digest. */
    private record Peer(String name, Fetch fetch) {}

    @FunctionalInterface
    private interface Fetch {
        void fetch(URI uri, Path target) throws IOException, InterruptedException;
    }

    static List<Benchmarks.Row> run(Path folder, int scale) throws IOException, InterruptedException {
        long size = (4L << 30) / scale;
        List<Benchmarks.Row> rows = new ArrayList<>();
        try (ContentServer server = ContentServer.start()) {
            URI uri = server.uri(size);
            rows.add(compare(folder, uri, size, new Peer("curl, then sha256sum", DownloadBenchmark::curl)));
            Optional<Program> aria = Programs.ofThisMachine().find("aria2c");
            if (aria.isPresent()) {
                Path whole = folder.resolve("download-digest.bin");
                String digest = fetch(uri, whole, size).sha256().hex();
                Files.delete(whole);
                rows.add(compare(
                        folder,
                        uri,
                        size,
                        new Peer("aria2c", (from, target) -> aria(aria.get(), from, target, digest))));
            }
        }
        return rows;
    }

    private static Benchmarks.Row compare(Path folder, URI uri, long size, Peer peer)
            throws IOException, InterruptedException {
        Path ours = folder.resolve("download-ours.bin");
        Path theirs = folder.resolve("download-theirs.bin");
        try {
            List<Double> measured = new ArrayList<>();
            List<Double> reference = new ArrayList<>();
            for (int run = 0; run < Benchmarks.RUNS; run++) {
                Files.deleteIfExists(theirs);
                reference.add(Benchmarks.seconds(() -> peer.fetch().fetch(uri, theirs)));
                Files.deleteIfExists(theirs);
                measured.add(Benchmarks.seconds(() -> fetch(uri, ours, size)));
                Files.deleteIfExists(ours);
            }
            double seconds = Benchmarks.median(measured);
            double referenceSeconds = Benchmarks.median(reference);
            return new Benchmarks.Row(
                    "download and hash " + (size >> 20) + " MiB; " + peer.name(),
                    Benchmarks.megabytesPerSecond(size, seconds),
                    Benchmarks.megabytesPerSecond(size, referenceSeconds),
                    String.format(Locale.ROOT, "%.2f", referenceSeconds / seconds),
                    ">= 1.0");
        } finally {
            Files.deleteIfExists(ours);
            Files.deleteIfExists(theirs);
        }
    }

    private static void curl(URI uri, Path target) throws IOException, InterruptedException {
        Benchmarks.program(List.of("curl", "-sf", "-o", target.toString(), uri.toString()));
        Benchmarks.program(List.of("sha256sum", target.toString()));
    }

    private static void aria(Program aria, URI uri, Path target, String sha256)
            throws IOException, InterruptedException {
        Benchmarks.program(aria.command(List.of(
                "-q",
                "--file-allocation=none",
                "--checksum=sha-256=" + sha256,
                "-d",
                String.valueOf(target.getParent()),
                "-o",
                String.valueOf(target.getFileName()),
                uri.toString())));
    }

    private static TransferResult fetch(URI uri, Path target, long size) throws IOException, InterruptedException {
        TransferResult transferred = new HttpTransfer(options())
                .fetch(uri, target, new ExpectedContent(size, Optional.empty()), TransferProgress.NONE);
        if (transferred.size() != size) {
            throw new IOException("Only " + transferred.size() + " bytes came");
        }
        return transferred;
    }

    private static HttpOptions options() {
        Duration patience = Duration.ofSeconds(30);
        return new HttpOptions(
                patience, patience, 0, pause -> {}, uri -> Optional.empty(), uri -> Proxy.NO_PROXY, "benchmark");
    }
}
