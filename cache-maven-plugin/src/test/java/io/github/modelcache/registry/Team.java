package io.github.modelcache.registry;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.download.DownloadOptions;
import io.github.modelcache.download.ModelDownload;
import io.github.modelcache.inventory.ContentDigests;
import io.github.modelcache.io.Credentials;
import io.github.modelcache.io.HttpOptions;
import io.github.modelcache.io.HttpTransfer;
import io.github.modelcache.io.ProxySelection;
import io.github.modelcache.io.TransferProgress;
import io.github.modelcache.layout.OwnFiles;
import io.github.modelcache.model.Lock;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.source.HubSource;
import io.github.modelcache.source.Mirrors;
import io.github.modelcache.source.Sources;
import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.StandInHub;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Two machines with the same project: {@code one} has its models from a hub, {@code other} has an empty cache. Waits are
 * noted instead of waited for.
 */
final class Team implements AutoCloseable {

    static final String MODEL = "\"models\": [\"hf:acme/tiny\"]";
    static final String SMALL = "config.json";
    static final String LARGE = "weights/model.safetensors";
    /** No file but the large one is longer. */
    static final int SMALL_BYTES = 100;

    static final String EMPTY = "empty.txt";
    static final String LARGE_CONTENT = "0123456789".repeat(30_000);

    final TestProject one;
    final TestProject other;
    final StandInHub hub;
    final Path origin;
    final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
    Optional<Login> login = Optional.empty();
    ProxySelection proxies = ProxySelection.NONE;
    int workers = 2;
    /** How long a server may be silent. */
    Duration patience = Patience.ENDLESS;
    /** Makes the listener of each file that comes from a registry. */
    Supplier<TransferProgress> progress = () -> TransferProgress.NONE;

    String commit;

    Team(Path folder) throws Exception {
        one = new TestProject(Files.createDirectories(folder.resolve("one")));
        other = new TestProject(Files.createDirectories(folder.resolve("other")));
        origin = Files.createDirectories(folder.resolve("origin"));
        TestProject served = new TestProject(origin);
        served.write(SMALL, "{\"hidden\": 4}");
        served.write(EMPTY, "");
        served.write(LARGE, LARGE_CONTENT);
        hub = StandInHub.start();
        commit = hub.add("acme/tiny", origin);
    }

    /** {@code one} has the models, and both have the lock. */
    Team downloaded() throws Exception {
        bring(one, Optional.empty(), MODEL);
        share();
        hub.forget();
        return this;
    }

    /** {@code other} gets the lock of {@code one}, as through version control. */
    void share() throws Exception {
        other.write("config/models.lock.json", Files.readString(one.lock().path()));
    }

    HttpOptions options() {
        return new HttpOptions(Patience.ENDLESS, patience, 2, pauses::add, Credentials.NONE, proxies, "test");
    }

    Plan plan(TestProject project, String registry, String members) throws Exception {
        CacheConfig config = project.config(members);
        RegistryAddress address = RegistryAddress.parse(registry);
        try (ContentDigests digests = new ContentDigests(new OwnFiles(config).stampIndex(), false, Clock.systemUTC())) {
            Plan plan = new ModelPush(
                            config,
                            project.lock(),
                            digests,
                            Registries.open(address, () -> login, options()),
                            address,
                            2,
                            project,
                            () -> TransferProgress.NONE)
                    .plan();
            plan.run(project, project.root(), 2);
            digests.save();
            return plan;
        }
    }

    void push(String registry) throws Exception {
        plan(one, registry, MODEL);
        share();
    }

    /** A registry and whether it is the only source. */
    record From(String registry, boolean only) {}

    ModelDownload.Result pull(String registry) throws Exception {
        return bring(other, Optional.of(new From(registry, true)), MODEL);
    }

    ModelDownload.Result downloadFirstFrom(String registry) throws Exception {
        return bring(other, Optional.of(new From(registry, false)), MODEL);
    }

    ModelDownload.Result bring(TestProject project, Optional<From> from, String members) throws Exception {
        return run(project, from, members, Set.of(), ModelDownload::download);
    }

    /** Moves the pins to what the hub has now. */
    void update(TestProject project) throws Exception {
        run(project, Optional.empty(), MODEL, Set.of(DownloadOptions.ALL), ModelDownload::lock);
    }

    private interface Goal {
        ModelDownload.Result run(ModelDownload download) throws Exception;
    }

    private ModelDownload.Result run(
            TestProject project, Optional<From> from, String members, Set<String> update, Goal goal) throws Exception {
        CacheConfig config = project.config(members);
        HubSource source = new HubSource(
                new HttpTransfer(options().withProxies(ProxySelection.NONE)),
                new Mirrors(Map.of()),
                hub.endpoint(),
                false,
                () -> TransferProgress.NONE,
                project::warn);
        Sources sources = new Sources(Map.of("hf", source));
        if (from.isPresent()) {
            RegistryAddress address = RegistryAddress.parse(from.get().registry());
            Registry registry = Registries.open(address, () -> login, options());
            RegistrySource first =
                    new RegistrySource(registry, address, from.get().only(), project, progress);
            sources = sources.behind(first::before);
        }
        DownloadOptions options = new DownloadOptions(workers, false, update, false, "mvn cache:download");
        try (ContentDigests digests = new ContentDigests(new OwnFiles(config).stampIndex(), false, Clock.systemUTC())) {
            ModelDownload.Result result =
                    goal.run(new ModelDownload(config, sources, project.lock(), digests, options, project));
            digests.save();
            return result;
        }
    }

    Lock lock(TestProject project) throws Exception {
        return project.lock().read();
    }

    Path hubCache(TestProject project) {
        return project.root().resolve(".cache/huggingface/hub");
    }

    /** The file of a snapshot on the other machine. */
    Path pulled(String name) {
        return hubCache(other)
                .resolve("models--acme--tiny/snapshots")
                .resolve(commit)
                .resolve(name);
    }

    @Override
    public void close() {
        hub.close();
    }
}
