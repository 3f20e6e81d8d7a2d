package io.github.modelcache.it.benchmark;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.HashPool;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** The plugin's hashing of several files against one {@code openssl} for each core. */
final class HashingBenchmark {

    private static final int FILES = 8;
    private static final int MEBIBYTE = 1 << 20;

    private HashingBenchmark() {}

    static List<Benchmarks.Row> run(Path folder, int scale) throws IOException, InterruptedException {
        long size = 512L * MEBIBYTE / scale;
        List<Path> files = new ArrayList<>();
        try {
            for (int i = 0; i < FILES; i++) {
                files.add(write(folder.resolve("hashing-" + i + ".bin"), size, i));
            }
            hash(files);
            List<Double> ours = new ArrayList<>();
            List<Double> openssl = new ArrayList<>();
            for (int run = 0; run < Benchmarks.RUNS; run++) {
                Path one = files.get(run);
                openssl.add(Benchmarks.seconds(
                        () -> Benchmarks.program(List.of("openssl", "dgst", "-sha256", one.toString()))));
                ours.add(Benchmarks.seconds(() -> hash(files)));
            }
            double seconds = Benchmarks.median(ours) / FILES;
            double reference = Benchmarks.median(openssl) / Benchmarks.cores();
            return List.of(new Benchmarks.Row(
                    "hash 8 files of " + size / MEBIBYTE + " MiB; one openssl dgst x cores",
                    Benchmarks.megabytesPerSecond(size, seconds),
                    Benchmarks.megabytesPerSecond(size, reference),
                    String.format(Locale.ROOT, "%.2f", reference / seconds),
                    ">= 0.9"));
        } finally {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void hash(List<Path> files) throws IOException, InterruptedException {
        try (HashPool pool = new HashPool(Benchmarks.cores())) {
            List<Future<Digest>> digests = new ArrayList<>();
            for (Path file : files) {
                digests.add(pool.submit(file, DigestAlgorithm.SHA256));
            }
            for (Future<Digest> digest : digests) {
                digest.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    private static Path write(Path file, long size, int seed) throws IOException {
        byte[] block = new byte[MEBIBYTE];
        new Random(seed).nextBytes(block);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long written = 0; written < size; written += block.length) {
                out.write(block);
            }
        }
        return file;
    }
}
