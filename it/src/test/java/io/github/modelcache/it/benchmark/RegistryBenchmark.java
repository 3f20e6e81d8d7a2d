package io.github.modelcache.it.benchmark;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.WarmMaven;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.registry.DistributionRegistry;
import io.github.modelcache.it.registry.Program;
import io.github.modelcache.it.registry.Programs;
import io.github.modelcache.it.registry.Skopeo;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code mvn cache:push} and {@code cache:pull} against {@code skopeo copy}: whole processes against whole processes, both
 * with the registry of the distribution project, which is empty before each push. Both hash what they pull. Three files
 * that are large and many that are small.
 */
final class RegistryBenchmark {

    private static final String REPOSITORY = "bench/model";
    private static final String SMALL_MEMORY = "-Xmx64m";
    private static final int SMALL_FILES = 2000;
    private static final int SMALL_BYTES = 64 << 10;
    private static final int MEBIBYTE = 1 << 20;
    private static final int RUNS = 3;

    private final WarmMaven warm;
    private final Path folder;
    private final Program server;
    private final Skopeo skopeo;
    private final Path origin;
    private final List<Double> pushes = new ArrayList<>();
    private final List<Double> repeated = new ArrayList<>();
    private final List<Double> pulls = new ArrayList<>();
    private final List<Double> skopeoPushes = new ArrayList<>();
    private final List<Double> skopeoPulls = new ArrayList<>();
    private int folders;

    private RegistryBenchmark(WarmMaven warm, Path folder, Program server, Skopeo skopeo) throws IOException {
        this.warm = warm;
        this.folder = folder;
        this.server = server;
        this.skopeo = skopeo;
        this.origin = folder("origin");
    }

    static List<Benchmarks.Row> run(int scale) throws IOException, InterruptedException {
        Programs programs = Programs.ofThisMachine();
        Optional<Program> server = programs.find(Programs.REGISTRY);
        Optional<Program> skopeo = programs.find(Programs.SKOPEO);
        if (server.isEmpty() || skopeo.isEmpty()) {
            return List.of(new Benchmarks.Row("registry", "skipped", "no docker-registry, no skopeo", "", ""));
        }
        try (WarmMaven warm = WarmMaven.start()) {
            // Not below this project, whose .mvn would be found.
            Path folder = Files.createDirectory(warm.workspace().root().resolve("registry"));
            return new RegistryBenchmark(warm, folder, server.get(), new Skopeo(skopeo.get(), folder)).measured(scale);
        }
    }

    private List<Benchmarks.Row> measured(int scale) throws IOException, InterruptedException {
        long large = (4L << 30) / scale;
        int small = SMALL_FILES / scale;
        fill(large, small);
        Path layout = folder.resolve("layout");
        push(layout.toUri().toString(), origin).run().succeeded();
        String tag = tag(layout);
        for (int run = 0; run < RUNS; run++) {
            compare(layout, tag);
        }
        String what = large / MEBIBYTE + " MiB in 3 files and " + small + " of 64 KiB";
        double start = help();
        double bytes = large + (double) small * SMALL_BYTES;
        List<Benchmarks.Row> rows = new ArrayList<>(List.of(
                row("push of " + what + "; skopeo copy", pushes, skopeoPushes, bytes, ">= 1.0"),
                row("pull of the same; skopeo copy", pulls, skopeoPulls, bytes, ">= 1.5"),
                new Benchmarks.Row(
                        "push of the same once more, with the start of Maven",
                        String.format(Locale.ROOT, "%.2f s", Benchmarks.median(repeated)),
                        String.format(Locale.ROOT, "%.2f s cache:help", start),
                        String.format(Locale.ROOT, "%.2f s", Benchmarks.median(repeated) - start),
                        "< 1 s")));
        rows.addAll(memory());
        return rows;
    }

    /** A cache that a hub has filled. */
    private void fill(long large, int small) throws IOException, InterruptedException {
        Path data = folder("data");
        for (int i = 0; i < 3; i++) {
            write(data.resolve("model-" + i + ".safetensors"), large / 3, i);
        }
        for (int i = 0; i < small; i++) {
            write(data.resolve("part-" + i / 100 + "/file-" + i + ".bin"), SMALL_BYTES, i + 3);
        }
        project(origin);
        try (HubServer hub = HubServer.start(REPOSITORY, data)) {
            warm.build()
                    .jvm("")
                    .in(origin)
                    .cache("download")
                    .property("cache.endpoint", hub.endpoint().toString())
                    .run()
                    .succeeded();
        }
        delete(data);
    }

    private void compare(Path layout, String tag) throws IOException, InterruptedException {
        Path ours = folder("registry-" + folders++);
        Path other = folder("machine-" + folders++);
        Path theirs = folder("registry-" + folders++);
        Path copy = folder.resolve("copy-" + folders++);
        try (DistributionRegistry registry = DistributionRegistry.start(server, ours)) {
            settle();
            double push =
                    Benchmarks.seconds(() -> push(registry.host(), origin).run().succeeded());
            settle();
            double again = Benchmarks.seconds(
                    () -> push(registry.host(), origin).run().succeeded().says("already"));
            project(other);
            lock(other);
            settle();
            double pull = Benchmarks.seconds(
                    () -> goal("pull", registry.host(), other).run().succeeded());
            pushes.add(push);
            repeated.add(again);
            pulls.add(pull);
        }
        delete(other);
        delete(ours);
        try (DistributionRegistry registry = DistributionRegistry.start(server, theirs)) {
            String there = "docker://" + registry.host() + "/hf/bench/model:" + tag;
            settle();
            skopeoPushes.add(Benchmarks.seconds(() -> skopeo.copy("oci:" + layout + ":hf/bench/model:" + tag, there)));
            settle();
            skopeoPulls.add(Benchmarks.seconds(() -> skopeo.copy(there, "dir:" + copy)));
        }
        delete(copy);
        delete(theirs);
    }

    /** The most that the process of Maven ever had in memory, its own classes and those of Java included. */
    private List<Benchmarks.Row> memory() throws IOException, InterruptedException {
        Path other = folder("machine-" + folders++);
        try (DistributionRegistry registry = DistributionRegistry.start(server, folder("registry-" + folders++))) {
            long help = peak(goal("help", registry.host(), origin));
            long push = peak(push(registry.host(), origin));
            project(other);
            lock(other);
            long pull = peak(goal("pull", registry.host(), other));
            return List.of(memory("push", push, help), memory("pull", pull, help));
        }
    }

    private static long peak(MavenBuild build) throws IOException, InterruptedException {
        return MemoryBenchmark.measure(() -> build.jvm(SMALL_MEMORY).run().succeeded())
                .bytes();
    }

    private static Benchmarks.Row memory(String what, long peak, long help) {
        return new Benchmarks.Row(
                "peak memory of the " + what + " with " + SMALL_MEMORY + ", all of Maven",
                peak / MEBIBYTE + " MiB",
                help / MEBIBYTE + " MiB cache:help",
                (peak - help) / MEBIBYTE + " MiB more",
                "< 96 MiB");
    }

    private double help() throws IOException, InterruptedException {
        List<Double> times = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            times.add(Benchmarks.seconds(
                    () -> goal("help", "localhost:1", origin).run().succeeded()));
        }
        return Benchmarks.median(times);
    }

    private MavenBuild push(String registry, Path project) {
        return goal("push", registry, project);
    }

    private MavenBuild goal(String goal, String registry, Path project) {
        return warm.build().jvm("").in(project).cache(goal).property("cache.registry", registry);
    }

    private void project(Path project) {
        warm.workspace()
                .write(
                        project.resolve(Config.FILE),
                        Config.empty()
                                .member("max_size", "\"90GB\"")
                                .model("hf:" + REPOSITORY)
                                .toString());
    }

    private void lock(Path project) throws IOException {
        Files.copy(origin.resolve(Config.LOCK), project.resolve(Config.LOCK));
    }

    private static String tag(Path layout) throws IOException {
        return Files.readString(layout.resolve("index.json")).replaceFirst("(?s).*\"hf/bench/model:([^\"]+)\".*", "$1");
    }

    private static Benchmarks.Row row(String what, List<Double> ours, List<Double> theirs, double bytes, String goal) {
        double seconds = Benchmarks.median(ours);
        double peer = Benchmarks.median(theirs);
        return new Benchmarks.Row(
                what,
                String.format(Locale.ROOT, "%.1f s %.0f MB/s", seconds, bytes / seconds / 1e6),
                String.format(Locale.ROOT, "%.1f s %.0f MB/s", peer, bytes / peer / 1e6),
                String.format(Locale.ROOT, "%.2f", peer / seconds),
                goal);
    }

    /** Lets the disk finish with what came before, so that nobody writes another one's bytes. */
    static void settle() throws IOException, InterruptedException {
        Benchmarks.program(List.of("sync"));
        TimeUnit.SECONDS.sleep(1);
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    static void write(Path file, long size, int seed) throws IOException {
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

    static void delete(Path folder) throws IOException {
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
