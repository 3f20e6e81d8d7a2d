package io.github.modelcache.it.benchmark;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.WarmMaven;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.registry.DistributionRegistry;
import io.github.modelcache.it.registry.Program;
import io.github.modelcache.it.registry.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a runner with an empty disk does until its models are there, in the three ways of {@code docs/ci.md}: from the hub,
 * from the CI's own cache, which is an archive by {@code tar} and {@code zstd}, and from a registry. Everything is on this
 * machine, so what the ways cost a network is not in it: the bytes are as many in each.
 */
final class CiBenchmark {

    private static final String REPOSITORY = "bench/model";
    private static final int SMALL_FILES = 500;
    private static final int SMALL_BYTES = 64 << 10;
    private static final int RUNS = 3;

    private final WarmMaven warm;
    private final Path folder;
    private final List<Double> nothing = new ArrayList<>();
    private final List<Double> packed = new ArrayList<>();
    private final List<Double> unpacked = new ArrayList<>();
    private final List<Double> pushed = new ArrayList<>();
    private final List<Double> pulled = new ArrayList<>();
    private long archived;

    private CiBenchmark(WarmMaven warm, Path folder) {
        this.warm = warm;
        this.folder = folder;
    }

    static List<Benchmarks.Row> run(int scale) throws IOException, InterruptedException {
        Optional<Program> server = Programs.ofThisMachine().find(Programs.REGISTRY);
        if (server.isEmpty()) {
            return List.of(new Benchmarks.Row("ci", "skipped", "no docker-registry", "", ""));
        }
        try (WarmMaven warm = WarmMaven.start()) {
            Path folder = Files.createDirectory(warm.workspace().root().resolve("ci"));
            return new CiBenchmark(warm, folder).run(server.get(), scale);
        }
    }

    private List<Benchmarks.Row> run(Program server, int scale) throws IOException, InterruptedException {
        long large = (1L << 30) / scale;
        int small = SMALL_FILES / scale;
        Path data = folder.resolve("data");
        for (int i = 0; i < 3; i++) {
            RegistryBenchmark.write(data.resolve("model-" + i + ".safetensors"), large / 3, i);
        }
        for (int i = 0; i < small; i++) {
            RegistryBenchmark.write(data.resolve("file-" + i + ".bin"), SMALL_BYTES, i + 3);
        }
        try (HubServer hub = HubServer.start(REPOSITORY, data)) {
            for (int run = -1; run < RUNS; run++) {
                once(server, hub, run >= 0);
            }
        }
        String what = (large >> 20) + " MiB in 3 files and " + small + " of 64 KiB";
        return List.of(
                row("CI, " + what + ", nothing kept: from the hub", nothing, ""),
                row("CI, its own cache: pack", packed, (archived >> 20) + " MiB archive"),
                row("CI, its own cache: unpack, cache:download", unpacked, ""),
                row("CI, registry: push", pushed, ""),
                row("CI, registry: pull", pulled, ""));
    }

    private static Benchmarks.Row row(String what, List<Double> seconds, String note) {
        return new Benchmarks.Row(what, String.format(Locale.ROOT, "%.1f s", Benchmarks.median(seconds)), note, "", "");
    }

    private void once(Program server, HubServer hub, boolean counts) throws IOException, InterruptedException {
        Path first = project("first");
        MavenBuild asking =
                warm.build().jvm("").property("cache.endpoint", hub.endpoint().toString());
        double fetch = seconds(() -> asking.in(first).cache("download").run().succeeded());
        Path archive = folder.resolve("cache.tzst");
        double pack = seconds(() -> Benchmarks.program(
                List.of("tar", "-C", first.toString(), "-I", "zstd -T0", "-cf", archive.toString(), ".cache")));
        archived = Files.size(archive);
        Path second = project("second");
        Files.copy(first.resolve(Config.LOCK), second.resolve(Config.LOCK));
        double unpack = seconds(() -> {
            Benchmarks.program(List.of("tar", "-C", second.toString(), "-I", "zstd -T0", "-xf", archive.toString()));
            asking.in(second).cache("download").run().succeeded();
        });
        RegistryBenchmark.delete(second);
        Files.delete(archive);
        Path third = project("third");
        Path kept = Files.createDirectory(folder.resolve("kept"));
        double push;
        double pull;
        try (DistributionRegistry registry = DistributionRegistry.start(server, kept)) {
            MavenBuild build = warm.build().jvm("").property("cache.registry", registry.host());
            push = seconds(() -> build.in(first).cache("push").run().succeeded());
            Files.copy(first.resolve(Config.LOCK), third.resolve(Config.LOCK));
            pull = seconds(() -> build.in(third).cache("pull").run().succeeded());
        }
        RegistryBenchmark.delete(first);
        RegistryBenchmark.delete(third);
        RegistryBenchmark.delete(kept);
        if (counts) {
            nothing.add(fetch);
            packed.add(pack);
            unpacked.add(unpack);
            pushed.add(push);
            pulled.add(pull);
        }
    }

    private static double seconds(Benchmarks.Work work) throws IOException, InterruptedException {
        RegistryBenchmark.settle();
        return Benchmarks.seconds(work);
    }

    private Path project(String name) {
        Path project = folder.resolve(name);
        warm.workspace()
                .write(
                        project.resolve(Config.FILE),
                        Config.empty()
                                .member("max_size", "\"90GB\"")
                                .model("hf:" + REPOSITORY)
                                .toString());
        return project;
    }
}
