package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Mirrors;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.family.Sources;
import io.github.modelcache.family.huggingface.HubSource;
import io.github.modelcache.http.Credentials;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.ProxySelection;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.testing.Fault;
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
import java.util.Set;
import java.util.stream.Stream;

/**
 * A project that declares {@code hf:acme/tiny}, and a hub that has it: {@code config.json} is small, {@code
 * model.safetensors} is large. Waits are noted instead of waited for.
 */
final class HubProject implements AutoCloseable {

    static final String DECLARED = "\"models\": [\"hf:acme/tiny\"]";
    static final String SMALL = "config.json";
    static final String LARGE = "model.safetensors";
    static final String LARGE_CONTENT = "0123456789".repeat(1_000);

    final TestProject files;
    final StandInHub hub;
    final Path repo;
    final Path origin;
    final String commit;
    /** Told when a build waits for another one. */
    Runnable onWaiting = () -> {};

    /** How long a server may be silent; short for servers that are silent on purpose. */
    Duration patience = Patience.ENDLESS;

    final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());

    HubProject(Path folder) throws Exception {
        files = new TestProject(Files.createDirectories(folder.resolve("project")));
        origin = Files.createDirectories(folder.resolve("origin"));
        repo = files.root().resolve(".cache/huggingface/hub/models--acme--tiny");
        TestProject served = new TestProject(origin);
        served.write(SMALL, "{\"hidden\": 4}");
        served.write(LARGE, LARGE_CONTENT);
        hub = StandInHub.start();
        commit = hub.add("acme/tiny", origin);
    }

    ModelDownload.Result download() throws Exception {
        return download(DECLARED);
    }

    ModelDownload.Result download(String members) throws Exception {
        return run(files, files.config(members), Set.of(), ModelDownload::download);
    }

    ModelDownload.Result update() throws Exception {
        return run(files, files.config(DECLARED), Set.of("all"), ModelDownload::lock);
    }

    /** Downloads, which must fail with an error that names the model. */
    ModelException failure() {
        return failure(DECLARED);
    }

    ModelException failure(String members) {
        ModelException e = catchThrowableOfType(ModelException.class, () -> download(members));
        assertThat(e).hasMessageContaining("hf:acme/tiny");
        return e;
    }

    /** A second project that keeps everything of its own but shares the folder of the hub's caches. */
    ModelDownload.Result downloadInto(TestProject other) throws Exception {
        Path shared = files.root().resolve(".cache/huggingface");
        return run(
                other, other.config("\"hf_home\": \"" + shared + "\", " + DECLARED), Set.of(), ModelDownload::download);
    }

    private interface Goal {
        ModelDownload.Result run(ModelDownload download) throws Exception;
    }

    private ModelDownload.Result run(TestProject project, CacheConfig config, Set<String> update, Goal goal)
            throws Exception {
        HttpTransfer transfer = new HttpTransfer(new HttpOptions(
                Patience.ENDLESS, patience, 5, pauses::add, Credentials.NONE, ProxySelection.NONE, "test"));
        HubSource source = new HubSource(
                transfer, new Mirrors(Map.of()), hub.endpoint(), false, () -> TransferProgress.NONE, project::warn);
        DownloadOptions options = new DownloadOptions(2, false, update, false, "mvn cache:download");
        try (ContentDigests digests =
                new ContentDigests(new PluginDirectory(config).stampIndex(), false, Clock.systemUTC())) {
            ModelDownload.Result result = goal.run(new ModelDownload(
                    config, new Sources(Map.of("hf", source)), project.lock(), digests, options, listening(project)));
            digests.save();
            return result;
        }
    }

    private Messages listening(Messages messages) {
        return new Messages() {
            @Override
            public void info(String message) {
                messages.info(message);
                if (message.startsWith("Waiting for another build")) {
                    onWaiting.run();
                }
            }

            @Override
            public void warn(String message) {
                messages.warn(message);
            }

            @Override
            public void debug(String message) {
                messages.debug(message);
            }
        };
    }

    /** Where libraries would find a file. */
    Path snapshot(String name) {
        return repo.resolve("snapshots").resolve(commit).resolve(name);
    }

    /** The requests for a file, at the hub itself or at the second host. */
    long asked(Fault.Place place, String name) {
        return hub.log().stream()
                .filter(request -> request.place() == place && request.name().equals(name))
                .count();
    }

    /** What is there of files that are not complete. */
    List<Path> partials() throws Exception {
        if (!Files.isDirectory(repo.resolve("blobs"))) {
            return List.of();
        }
        try (Stream<Path> blobs = Files.list(repo.resolve("blobs"))) {
            return blobs.filter(path -> path.toString().endsWith(".incomplete")).toList();
        }
    }

    /** Leaves the first bytes of the large file, as a build that was killed does. */
    void leavePartial(byte[] bytes) throws Exception {
        hub.fault(Fault.Place.STORE, LARGE, Fault.cutAfter(100), Fault.status(404));
        failure();
        hub.repent();
        hub.forget();
        pauses.clear();
        assertThat(partials()).hasSize(1);
        Files.write(partials().get(0), bytes);
    }

    /** No library and no later build is told of the file, or that the model is complete. */
    void assertNotPublished(String name) throws Exception {
        assertThat(snapshot(name)).doesNotExist();
        assertThat(repo.resolve("refs")).doesNotExist();
        assertThat(repo.resolve("trees")).doesNotExist();
        assertThat(files.lock().read().models()).isEmpty();
        // Every blob that is there has what its name says.
        if (Files.isDirectory(repo.resolve("blobs"))) {
            try (Stream<Path> blobs = Files.list(repo.resolve("blobs"))) {
                assertThat(blobs.filter(path -> !path.toString().contains(".incomplete")))
                        .allSatisfy(blob -> assertThat(Files.readString(blob))
                                .isIn(LARGE_CONTENT, Files.readString(origin.resolve(SMALL))));
            }
        }
    }

    /** The model is complete and right. */
    void assertComplete() throws Exception {
        assertThat(snapshot(SMALL)).hasSameBinaryContentAs(origin.resolve(SMALL));
        assertThat(snapshot(LARGE)).hasContent(LARGE_CONTENT);
        assertThat(repo.resolve("refs/main")).hasContent(commit);
        assertThat(files.lock().read().models()).hasSize(1);
        assertThat(partials()).isEmpty();
    }

    @Override
    public void close() {
        hub.close();
    }
}
