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
 * with the registry of the distribution project. Both hash what they pull. Three files that are large and many that are
 * small; then many more small ones, and the memory that one file takes.
 */
final class RegistryBenchmark {

    private static final String REPOSITORY = "bench/model";
    private static final String SMALL_MEMORY = "-Xmx64m";
    /** What docs/ci.md names for small runners. */
    private static final String SMALL_RUNNER = SMALL_MEMORY + JvmOptions.SMALL_RUNNER;

    private static final int SMALL_FILES = 2000;
    private static final int SMALL_BYTES = 64 << 10;
    private static final int MANY_FILES = 12_000;
    private static final int MANY_BYTES = 1 << 10;
    private static final int MEBIBYTE = 1 << 20;
    private static final int RUNS = 3;
    /** A peer that takes longer than this is measured once. */
    private static final double PATIENCE_SECONDS = 120;

    private final WarmMaven warm;
    private final Path folder;
    private final Program server;
    private final Skopeo skopeo;
    private final Path origin;
    private final List<Double> ours = new ArrayList<>();
    private final List<Double> theirs = new ArrayList<>();
    private int folders;

    private RegistryBenchmark(WarmMaven warm, Path folder, Program server, Skopeo skopeo) throws IOException {
        this.warm = warm;
        this.folder = folder;
        this.server = server;
        this.skopeo = skopeo;
        this.origin = folder("origin");
    }

    /** Into a registry that is empty each time. */
    static List<Benchmarks.Row> push(int scale) throws IOException, InterruptedException {
        return run(benchmark -> benchmark.pushed(Sizes.all(scale)));
    }

    /** The large files alone: with thousands of files skopeo spends more on its progress bars than on the bytes. */
    static List<Benchmarks.Row> pushLarge(int scale) throws IOException, InterruptedException {
        return run(benchmark -> benchmark.pushed(Sizes.large(scale)));
    }

    /** Into a registry that has all. */
    static List<Benchmarks.Row> pushAgain(int scale) throws IOException, InterruptedException {
        return run(benchmark -> benchmark.pushedAgain(Sizes.all(scale)));
    }

    /** From a registry that has all, onto a machine that has nothing. */
    static List<Benchmarks.Row> pull(int scale) throws IOException, InterruptedException {
        return run(benchmark -> benchmark.pulled(Sizes.all(scale)));
    }

    /** The large files alone. */
    static List<Benchmarks.Row> pullLarge(int scale) throws IOException, InterruptedException {
        return run(benchmark -> benchmark.pulled(Sizes.large(scale)));
    }

    /** More files than one manifest can name, each with a content of its own. */
    static List<Benchmarks.Row> many(int scale) throws IOException, InterruptedException {
        return run(benchmark -> benchmark.shared(MANY_FILES / scale));
    }

    /** The most that Maven ever had in memory, for one small file and for one that is far larger than the heap. */
    static List<Benchmarks.Row> memory(int scale) throws IOException, InterruptedException {
        return run(benchmark -> benchmark.remembered((4L << 30) / scale));
    }

    @FunctionalInterface
    private interface Part {
        List<Benchmarks.Row> rows(RegistryBenchmark benchmark) throws IOException, InterruptedException;
    }

    private static List<Benchmarks.Row> run(Part part) throws IOException, InterruptedException {
        Programs programs = Programs.ofThisMachine();
        Optional<Program> server = programs.find(Programs.REGISTRY);
        Optional<Program> skopeo = programs.find(Programs.SKOPEO);
        if (server.isEmpty() || skopeo.isEmpty()) {
            return List.of(new Benchmarks.Row("registry", "skipped", "no docker-registry, no skopeo", "", ""));
        }
        try (WarmMaven warm = WarmMaven.start()) {
            // Not below this project, whose .mvn would be found.
            Path folder = Files.createDirectory(warm.workspace().root().resolve("registry"));
            return part.rows(new RegistryBenchmark(warm, folder, server.get(), new Skopeo(skopeo.get(), folder)));
        }
    }

    private List<Benchmarks.Row> pushed(Sizes sizes) throws IOException, InterruptedException {
        fill(origin, sizes);
        Path layout = folder.resolve("layout");
        String tag = layout(layout);
        for (int run = 0; run < RUNS; run++) {
            push(layout, tag);
        }
        return List.of(row("push of " + sizes + "; skopeo copy", sizes.bytes(), ">= 1.0"));
    }

    private void push(Path layout, String tag) throws IOException, InterruptedException {
        emptyRegistry(registry -> ours.add(Benchmarks.seconds(
                () -> goal("push", registry.host(), origin).run().succeeded())));
        if (enough(theirs)) {
            return;
        }
        emptyRegistry(registry -> theirs.add(Benchmarks.seconds(
                () -> skopeo.copy("oci:" + layout + ":hf/bench/model:" + tag, there(registry, tag)))));
    }

    @FunctionalInterface
    private interface Measurement {
        void with(DistributionRegistry registry) throws IOException, InterruptedException;
    }

    private void emptyRegistry(Measurement measurement) throws IOException, InterruptedException {
        Path empty = folder("registry-" + folders++);
        try (DistributionRegistry registry = DistributionRegistry.start(server, empty)) {
            settle();
            measurement.with(registry);
        }
        delete(empty);
    }

    private List<Benchmarks.Row> pushedAgain(Sizes sizes) throws IOException, InterruptedException {
        fill(origin, sizes);
        List<Double> again = new ArrayList<>();
        List<Double> help = new ArrayList<>();
        emptyRegistry(registry -> {
            goal("push", registry.host(), origin).run().succeeded();
            settle();
            for (int run = 0; run < Benchmarks.RUNS; run++) {
                again.add(Benchmarks.seconds(() ->
                        goal("push", registry.host(), origin).run().succeeded().says("already")));
                help.add(Benchmarks.seconds(
                        () -> goal("help", registry.host(), origin).run().succeeded()));
            }
        });
        double push = Benchmarks.median(again);
        double start = Benchmarks.median(help);
        return List.of(new Benchmarks.Row(
                "push of " + sizes + " once more, with the start of Maven; cache:help",
                String.format(Locale.ROOT, "%.2f s", push),
                String.format(Locale.ROOT, "%.2f s", start),
                String.format(Locale.ROOT, "%.2f s more", push - start),
                "< 1 s more"));
    }

    private List<Benchmarks.Row> pulled(Sizes sizes) throws IOException, InterruptedException {
        fill(origin, sizes);
        try (DistributionRegistry registry = DistributionRegistry.start(server, folder("registry-" + folders++))) {
            goal("push", registry.host(), origin).run().succeeded();
            String tag = tag();
            for (int run = 0; run < RUNS; run++) {
                pull(registry, tag);
            }
        }
        return List.of(row("pull of " + sizes + "; skopeo copy", sizes.bytes(), ">= 1.5"));
    }

    private void pull(DistributionRegistry registry, String tag) throws IOException, InterruptedException {
        Path other = other();
        settle();
        ours.add(Benchmarks.seconds(
                () -> goal("pull", registry.host(), other).run().succeeded()));
        delete(other);
        if (enough(theirs)) {
            return;
        }
        Path copy = folder.resolve("copy-" + folders++);
        settle();
        theirs.add(Benchmarks.seconds(() -> skopeo.copy(there(registry, tag), "dir:" + copy)));
        delete(copy);
    }

    private List<Benchmarks.Row> shared(int files) throws IOException, InterruptedException {
        fill(origin, new Sizes(0, 0, files, MANY_BYTES));
        try (DistributionRegistry registry = DistributionRegistry.start(server, folder("registry-" + folders++))) {
            double push = Benchmarks.seconds(
                    () -> goal("push", registry.host(), origin).run().succeeded());
            double again = Benchmarks.seconds(() ->
                    goal("push", registry.host(), origin).run().succeeded().says("already"));
            Path other = other();
            double pull = Benchmarks.seconds(
                    () -> goal("pull", registry.host(), other).run().succeeded());
            String what = " of " + files + " files of " + MANY_BYTES + " bytes, all different";
            return List.of(
                    each("push" + what, push, files),
                    each("push" + what + ", once more", again, files),
                    each("pull" + what, pull, files));
        }
    }

    private static Benchmarks.Row each(String what, double seconds, int files) {
        return new Benchmarks.Row(
                what,
                String.format(Locale.ROOT, "%.1f s", seconds),
                "",
                String.format(Locale.ROOT, "%.1f ms a file", seconds * 1000 / files),
                "works");
    }

    private List<Benchmarks.Row> remembered(long large) throws IOException, InterruptedException {
        List<Benchmarks.Row> rows = new ArrayList<>();
        for (long size : List.of(large / 64, large)) {
            rows.addAll(memory(size, SMALL_MEMORY, SMALL_MEMORY));
            rows.addAll(memory(size, SMALL_RUNNER, "the options of docs/ci.md"));
        }
        return rows;
    }

    private List<Benchmarks.Row> memory(long size, String options, String called)
            throws IOException, InterruptedException {
        Path project = folder("project-" + folders++);
        fill(project, new Sizes(size, 1, 0, 0));
        Path there = folder("registry-" + folders++);
        try (DistributionRegistry registry = DistributionRegistry.start(server, there)) {
            long help = peak(goal("help", registry.host(), project), options);
            long push = peak(goal("push", registry.host(), project), options);
            Path other = folder("machine-" + folders++);
            project(other);
            Files.copy(project.resolve(Config.LOCK), other.resolve(Config.LOCK));
            long pull = peak(goal("pull", registry.host(), other), options);
            delete(other);
            String what = " of " + size / MEBIBYTE + " MiB with " + called + ", all of Maven";
            return List.of(memory("push" + what, push, help), memory("pull" + what, pull, help));
        } finally {
            delete(project);
            delete(there);
        }
    }

    private static long peak(MavenBuild build, String options) throws IOException, InterruptedException {
        return MemoryBenchmark.measure(() -> build.jvm(options).run().succeeded())
                .bytes();
    }

    private static Benchmarks.Row memory(String what, long peak, long help) {
        return new Benchmarks.Row(
                "peak memory of a " + what,
                peak / MEBIBYTE + " MiB",
                help / MEBIBYTE + " MiB cache:help",
                (peak - help) / MEBIBYTE + " MiB more",
                "< 96 MiB");
    }

    /** What a model consists of: large files that share {@code large} bytes, and small ones. */
    private record Sizes(long large, int largeFiles, int small, int smallBytes) {

        static Sizes all(int scale) {
            return new Sizes((4L << 30) / scale, 3, SMALL_FILES / scale, SMALL_BYTES);
        }

        static Sizes large(int scale) {
            return new Sizes((4L << 30) / scale, 3, 0, 0);
        }

        double bytes() {
            return large + (double) small * smallBytes;
        }

        @Override
        public String toString() {
            String most = large / MEBIBYTE + " MiB in " + largeFiles + " files";
            return small == 0 ? most : most + " and " + small + " of " + smallBytes / 1024 + " KiB";
        }
    }

    /** A cache that a hub has filled. */
    private void fill(Path project, Sizes sizes) throws IOException, InterruptedException {
        Path data = folder("data");
        for (int i = 0; i < sizes.largeFiles(); i++) {
            write(data.resolve("model-" + i + ".safetensors"), sizes.large() / sizes.largeFiles(), i);
        }
        for (int i = 0; i < sizes.small(); i++) {
            write(data.resolve("part-" + i / 100 + "/file-" + i + ".bin"), sizes.smallBytes(), i + 3);
        }
        project(project);
        try (HubServer hub = HubServer.start(REPOSITORY, data)) {
            warm.build()
                    .jvm("")
                    .in(project)
                    .cache("download")
                    .property("cache.endpoint", hub.endpoint().toString())
                    .run()
                    .succeeded();
        }
        delete(data);
    }

    /** The same as a folder, which skopeo copies from; returns its tag. */
    private String layout(Path layout) throws IOException {
        goal("push", layout.toUri().toString(), origin).run().succeeded();
        return tag();
    }

    /** The commit, which is the tag. */
    private String tag() throws IOException {
        return Files.readString(origin.resolve(Config.LOCK))
                .replaceFirst("(?s).*\"revision\": *\"([0-9a-f]{40})\".*", "$1");
    }

    private static String there(DistributionRegistry registry, String tag) {
        return "docker://" + registry.host() + "/hf/bench/model:" + tag;
    }

    /** Another machine, with the lock and an empty cache. */
    private Path other() throws IOException {
        Path other = folder("machine-" + folders++);
        project(other);
        Files.copy(origin.resolve(Config.LOCK), other.resolve(Config.LOCK));
        return other;
    }

    private static boolean enough(List<Double> times) {
        return !times.isEmpty() && Benchmarks.median(times) > PATIENCE_SECONDS;
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

    private Benchmarks.Row row(String what, double bytes, String goal) {
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
