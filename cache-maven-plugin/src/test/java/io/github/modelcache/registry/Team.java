package io.github.modelcache.registry;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.download.DownloadOptions;
import io.github.modelcache.download.ModelDownload;
import io.github.modelcache.family.Mirrors;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.family.Sources;
import io.github.modelcache.family.huggingface.HubSource;
import io.github.modelcache.http.Credentials;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.ProxySelection;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.Lock;
import io.github.modelcache.oci.BlobUploads;
import io.github.modelcache.oci.Registries;
import io.github.modelcache.oci.Registry;
import io.github.modelcache.oci.RegistryAddress;
import io.github.modelcache.oci.RegistryCredentials;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.registry.image.BaseImageReader;
import io.github.modelcache.registry.image.BaseReference;
import io.github.modelcache.registry.image.ImagePull;
import io.github.modelcache.registry.image.ImagePush;
import io.github.modelcache.registry.image.ImageSelection;
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
public final class Team implements AutoCloseable {

    public static final String MODEL = "\"models\": [\"hf:acme/tiny\"]";
    public static final String SMALL = "config.json";
    public static final String LARGE = "weights/model.safetensors";
    /** No file but the large one is longer. */
    public static final int SMALL_BYTES = 100;

    public static final String EMPTY = "empty.txt";
    public static final String LARGE_CONTENT = "0123456789".repeat(30_000);

    public final TestProject one;
    public final TestProject other;
    public final StandInHub hub;
    public final Path origin;
    final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
    public Optional<RegistryCredentials> login = Optional.empty();
    public ProxySelection proxies = ProxySelection.NONE;
    public int workers = 2;
    /** The image that is pushed and pulled; empty for the usual name. */
    public Optional<String> image = Optional.empty();

    /** The image below the pushed one. */
    public Optional<String> base = Optional.empty();
    /** How long a server may be silent. */
    public Duration patience = Patience.ENDLESS;
    /** Makes the listener of each file that comes from a registry. */
    public Supplier<TransferProgress> progress = () -> TransferProgress.NONE;

    public String commit;

    public Team(Path folder) throws Exception {
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
    public Team downloaded() throws Exception {
        bring(one, Optional.empty(), MODEL);
        share();
        hub.forget();
        return this;
    }

    /** {@code other} gets the lock of {@code one}, as through version control. */
    public void share() throws Exception {
        other.write("config/models.lock.json", Files.readString(one.lock().path()));
    }

    HttpOptions options() {
        return new HttpOptions(Patience.ENDLESS, patience, 2, pauses::add, Credentials.NONE, proxies, "test");
    }

    public Plan plan(TestProject project, String registry, String members) throws Exception {
        CacheConfig config = project.config(members);
        RegistryAddress address = RegistryAddress.parse(registry);
        Registry opened = Registries.open(address, () -> login, options());
        try (ContentDigests digests =
                new ContentDigests(new PluginDirectory(config).stampIndex(), false, Clock.systemUTC())) {
            Plan plan =
                    new ModelPush(config, project.lock(), digests, address, uploads(opened, project), project).plan();
            plan.run(project, project.root(), 2);
            digests.save();
            return plan;
        }
    }

    private static BlobUploads uploads(Registry registry, TestProject project) {
        return new BlobUploads(registry, 2, project, () -> TransferProgress.NONE);
    }

    private ImagePull image(Registry registry, RegistryAddress address, CacheConfig config, TestProject project) {
        return new ImagePull(
                registry,
                address,
                image.isPresent(),
                () -> ImageSelection.name(address, image, config, project.lock()),
                new Layouts(config));
    }

    private Optional<BaseImageReader> base() {
        return base.map(BaseReference::parse)
                .map(name -> new BaseImageReader(Registries.open(name.registry(), Optional::empty, options()), name));
    }

    /** Pushes the models of {@code one} as an image. */
    public Plan pushImage(String registry, String members, String... chosen) throws Exception {
        CacheConfig config = one.config(members);
        RegistryAddress address = RegistryAddress.parse(registry);
        try (Registry opened = Registries.open(address, () -> login, options());
                ContentDigests digests =
                        new ContentDigests(new PluginDirectory(config).stampIndex(), false, Clock.systemUTC())) {
            Plan plan = new ImagePush(config, one.lock().read(), digests, address, uploads(opened, one), one)
                    .plan(List.of(chosen), image, base());
            plan.run(one, one.root(), 2);
            return plan;
        }
    }

    public void push(String registry) throws Exception {
        plan(one, registry, MODEL);
        share();
    }

    /** A registry and whether it is the only source. */
    public record From(String registry, boolean only) {}

    public ModelDownload.Result pull(String registry) throws Exception {
        return bring(other, Optional.of(new From(registry, true)), MODEL);
    }

    public ModelDownload.Result downloadFirstFrom(String registry) throws Exception {
        return bring(other, Optional.of(new From(registry, false)), MODEL);
    }

    public ModelDownload.Result bring(TestProject project, Optional<From> from, String members) throws Exception {
        return run(project, from, members, Set.of(), ModelDownload::download);
    }

    /** Moves the pins to what the hub has now. */
    public void update(TestProject project) throws Exception {
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
            RegistrySource first = new RegistrySource(
                    registry,
                    address,
                    image(registry, address, config, project),
                    from.get().only(),
                    project,
                    progress);
            sources = sources.wrapped(first::before);
        }
        DownloadOptions options = new DownloadOptions(workers, false, update, false, "mvn cache:download");
        try (ContentDigests digests =
                new ContentDigests(new PluginDirectory(config).stampIndex(), false, Clock.systemUTC())) {
            ModelDownload.Result result =
                    goal.run(new ModelDownload(config, sources, project.lock(), digests, options, project));
            digests.save();
            return result;
        }
    }

    public Lock lock(TestProject project) throws Exception {
        return project.lock().read();
    }

    public Path hubCache(TestProject project) {
        return project.root().resolve(".cache/huggingface/hub");
    }

    /** The file of a snapshot on the other machine. */
    public Path pulled(String name) {
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
