package io.github.modelcache.it.benchmark;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.WarmMaven;
import io.github.modelcache.it.project.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * {@code cache:migrate} of a repository that lies in {@code shared/model-cache}, on the same disk, against {@code mv} of
 * the same. The goal reads every content to check it, which {@code mv} does not; it should write no more than {@code mv}:
 * what the kernel counts as written by the build and all its threads, less what a build writes that migrates nothing.
 */
final class MigrateBenchmark {

    private static final int RUNS = 3;
    private static final int FILES = 4;
    private static final int MEGABYTE = 1 << 20;
    private static final int MEGABYTES_A_FILE = 256;
    private static final double MILLIS = 1000;
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String REPOSITORY = "models--acme--large";
    private static final Path COUNTERS = Path.of("/proc/self/io");
    private static final String WRITTEN = "wchar: ";

    private MigrateBenchmark() {}

    static List<Benchmarks.Row> run(Path folder, int scale) throws IOException, InterruptedException {
        Path data = folder.resolve("migrate");
        HubCacheFiles.delete(data);
        int megabytes = Math.max(1, MEGABYTES_A_FILE / scale);
        List<Double> goal = new ArrayList<>();
        List<Double> peer = new ArrayList<>();
        List<Double> goalBytes = new ArrayList<>();
        List<Double> peerBytes = new ArrayList<>();
        try (WarmMaven warm = WarmMaven.start()) {
            for (int run = 0; run < RUNS; run++) {
                Path project = data.resolve("project-" + run);
                Path old = repository(project, megabytes);
                Path beside = data.resolve("moved-" + run);
                long before = written();
                peer.add(
                        Benchmarks.seconds(() -> Benchmarks.program(List.of("mv", old.toString(), beside.toString()))));
                peerBytes.add((double) written() - before);
                Files.move(beside, old);

                MavenBuild build = warm.build().in(project).cache("migrate");
                before = written();
                goal.add(Benchmarks.seconds(() -> build.run().succeeded()));
                long migrating = written() - before;
                before = written();
                build.run().succeeded().says("Nothing to migrate");
                goalBytes.add((double) migrating - (written() - before));
                requireMoved(project);
            }
        } finally {
            HubCacheFiles.delete(data);
        }
        String what = "migrate " + FILES * megabytes + " MiB on one disk; mv";
        double measured = Benchmarks.median(goal);
        double reference = Benchmarks.median(peer);
        return List.of(
                new Benchmarks.Row(
                        what + ", bytes written",
                        String.format(Locale.ROOT, "%.0f B", Benchmarks.median(goalBytes)),
                        String.format(Locale.ROOT, "%.0f B", Benchmarks.median(peerBytes)),
                        "",
                        "no content"),
                new Benchmarks.Row(
                        what + " (which checks nothing); the whole build",
                        String.format(Locale.ROOT, "%.0f ms", measured * MILLIS),
                        String.format(Locale.ROOT, "%.0f ms", reference * MILLIS),
                        Benchmarks.megabytesPerSecond((long) FILES * megabytes * MEGABYTE, measured),
                        ""));
    }

    /** The bytes that this process and those it has waited for have handed to the kernel; 0 where it does not tell. */
    private static long written() throws IOException {
        if (!Files.isReadable(COUNTERS)) {
            return 0;
        }
        return Files.readAllLines(COUNTERS).stream()
                .filter(line -> line.startsWith(WRITTEN))
                .mapToLong(line -> Long.parseLong(line.substring(WRITTEN.length())))
                .sum();
    }

    private static void requireMoved(Path project) throws IOException {
        Path there = project.resolve(".cache/huggingface/hub").resolve(REPOSITORY);
        if (!Files.isRegularFile(there.resolve("snapshots").resolve(COMMIT).resolve("0.bin"))) {
            throw new IOException("the model was not migrated to " + there);
        }
    }

    private static Path repository(Path project, int megabytes) throws IOException {
        Path config = project.resolve(Config.FILE);
        Files.createDirectories(config.resolveSibling("."));
        Files.writeString(config, Config.empty().toString());
        Path repository = project.resolve("shared/model-cache/huggingface/hub").resolve(REPOSITORY);
        Path blobs = Files.createDirectories(repository.resolve("blobs"));
        Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(COMMIT));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), COMMIT);
        for (int file = 0; file < FILES; file++) {
            Path content = blobs.resolve("new");
            String digest = write(content, file, megabytes);
            Files.move(content, blobs.resolve(digest));
            Files.createSymbolicLink(snapshot.resolve(file + ".bin"), Path.of("../../blobs", digest));
        }
        return repository;
    }

    private static String write(Path file, int seed, int megabytes) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] part = new byte[MEGABYTE];
        try (DigestOutputStream out =
                new DigestOutputStream(Files.newOutputStream(file), MessageDigest.getInstance("SHA-256"))) {
            for (int i = 0; i < megabytes; i++) {
                random.nextBytes(part);
                out.write(part);
            }
            out.flush();
            return HexFormat.of().formatHex(out.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
