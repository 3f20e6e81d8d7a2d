package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import tools.jackson.databind.JsonNode;

/** What the plugin and each version of the hub's own client do with each other's caches. */
@Tag("clients")
abstract class HubScenarios {

    private static final String MODEL = "acme/tiny";
    private static final String DATA = "datasets/acme/words";
    private static final String HUB = ".cache/huggingface/hub";

    /** A repository for each kind of revision but a commit, which is known once there is a hub. */
    private static final Map<String, String> REVISIONS =
            Map.of("acme/branch", "feature/x", "acme/tag", "v1.0", "acme/pull", "refs/pr/1");

    private static final String BY_COMMIT = "acme/commit";

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void loadsOfflineWhatThePluginFetched(MavenBuild maven, Workspace workspace, PythonClient client, ClientTable table)
            throws Exception {
        Path origin = origin(workspace);
        try (StandInHub hub = hub(origin)) {
            workspace.write(
                    Config.FILE,
                    Config.empty().model("hf:" + MODEL).model("hf:" + DATA).toString());
            maven(maven, hub, "init", "download", "verify").succeeded();
            table.filled(client, "hf:", "plugin", ClientTable.Work.on(hub, workspace, 0));
            hub.forget();
            int filled = files(workspace);
            Fingerprint before = workspace.fingerprint();

            JsonNode model = client.script(PythonClient.Place.offline(workspace), "hub.py", MODEL)
                    .json();
            JsonNode data = client.script(PythonClient.Place.offline(workspace), "hub.py", "acme/words", "dataset")
                    .json();

            assertThat(digests(model)).isEqualTo(digests(origin));
            assertThat(digests(data)).isEqualTo(digests(origin));
            assertThat(workspace.fingerprint()).isEqualTo(before);
            assertThat(hub.requests()).isEmpty();
            table.loadedOffline(client, "hf:", ClientTable.Work.on(hub, workspace, filled));
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void fillsACacheThatThePluginTakesAsItIs(
            MavenBuild maven, Workspace workspace, PythonClient client, ClientTable table) throws Exception {
        Path origin = origin(workspace);
        try (StandInHub hub = hub(origin)) {
            PythonClient.Place place = PythonClient.Place.online(workspace, hub.endpoint());
            client.run(place, "bin/hf", "download", MODEL).succeeded();
            client.run(place, "bin/hf", "download", "--repo-type", "dataset", "acme/words")
                    .succeeded();
            int filled = files(workspace);
            table.filled(client, "hf:", "client", ClientTable.Work.on(hub, workspace, 0));
            hub.forget();
            Fingerprint before = Fingerprint.of(workspace.file(HUB), path -> false);

            workspace.write(
                    Config.FILE,
                    Config.empty().model("hf:" + MODEL).model("hf:" + DATA).toString());
            maven(maven, hub, "init", "download", "verify").succeeded();

            assertThat(hub.bytesSent()).isZero();
            assertThat(hub.requests()).hasSize(4).allMatch(request -> request.startsWith("GET /api/"));
            assertThat(Fingerprint.of(workspace.file(HUB), path -> false)).isEqualTo(before);
            maven(maven.property("cache.rehash", "true").offline(), hub, "download", "verify")
                    .succeeded();
            table.taken(client, "hf:", ClientTable.Work.on(hub, workspace, filled));
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void loadsAnyKindOfRevisionOffline(MavenBuild maven, Workspace workspace, PythonClient client, ClientTable table)
            throws Exception {
        try (StandInHub hub = StandInHub.start()) {
            Map<String, String> revisions = addRevisions(workspace, hub);
            workspace.write(Config.FILE, declaring(revisions));
            maven(maven, hub, "init", "download", "verify").succeeded();
            table.filled(client, "hf: revisions", "plugin", ClientTable.Work.on(hub, workspace, 0));
            hub.forget();
            int filled = files(workspace);
            Fingerprint before = workspace.fingerprint();

            for (Map.Entry<String, String> asked : revisions.entrySet()) {
                assertThat(loaded(client, workspace, asked)).isEqualTo(digests(origin(workspace, asked.getKey())));
            }

            assertThat(workspace.fingerprint()).isEqualTo(before);
            table.loadedOffline(client, "hf: revisions", ClientTable.Work.on(hub, workspace, filled));
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void fillsACacheWithAnyKindOfRevision(MavenBuild maven, Workspace workspace, PythonClient client, ClientTable table)
            throws Exception {
        try (StandInHub hub = StandInHub.start()) {
            Map<String, String> revisions = addRevisions(workspace, hub);
            PythonClient.Place place = PythonClient.Place.online(workspace, hub.endpoint());
            revisions.forEach((id, revision) -> client.run(place, "bin/hf", "download", id, "--revision", revision)
                    .succeeded());
            table.filled(client, "hf: revisions", "client", ClientTable.Work.on(hub, workspace, 0));
            hub.forget();
            int filled = files(workspace);
            Fingerprint before = Fingerprint.of(workspace.file(HUB), path -> false);

            workspace.write(Config.FILE, declaring(revisions));
            maven(maven, hub, "init", "download", "verify").succeeded();

            assertThat(hub.bytesSent()).isZero();
            assertThat(hub.requests()).allMatch(request -> request.startsWith("GET /api/"));
            assertThat(Fingerprint.of(workspace.file(HUB), path -> false)).isEqualTo(before);
            maven(maven.property("cache.rehash", "true").offline(), hub, "download", "verify")
                    .succeeded();
            table.taken(client, "hf: revisions", ClientTable.Work.on(hub, workspace, filled));
        }
    }

    /** Serves a repository for each kind of revision, each with other files on its main branch. */
    private static Map<String, String> addRevisions(Workspace workspace, StandInHub hub) throws IOException {
        Map<String, String> revisions = new TreeMap<>(REVISIONS);
        Path main = origin(workspace);
        for (String id : REVISIONS.keySet()) {
            hub.addRevision(id, REVISIONS.get(id), origin(workspace, id));
        }
        revisions.put(BY_COMMIT, hub.addRevision(BY_COMMIT, "elsewhere", origin(workspace, BY_COMMIT)));
        for (String id : revisions.keySet()) {
            hub.add(id, main);
        }
        return revisions;
    }

    /** The files of the revision that is not the main branch. */
    private static Path origin(Workspace workspace, String id) {
        Path origin = workspace.root().resolve("origins").resolve(id);
        workspace
                .write(origin.resolve("config.json"), "{\"id\": \"" + id + "\"}")
                .write(origin.resolve("onnx/model.onnx"), id.repeat(1_000));
        return origin;
    }

    private static String declaring(Map<String, String> revisions) {
        Config config = Config.empty();
        for (Map.Entry<String, String> asked : revisions.entrySet()) {
            config = config.declared(
                    "{ \"model\": \"hf:%s\", \"revision\": \"%s\" }".formatted(asked.getKey(), asked.getValue()));
        }
        return config.toString();
    }

    private static Map<String, String> loaded(
            PythonClient client, Workspace workspace, Map.Entry<String, String> asked) {
        return digests(client.script(
                        PythonClient.Place.offline(workspace), "hub.py", asked.getKey(), "model", asked.getValue())
                .json());
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void countsWhatThePluginCounts(MavenBuild maven, Workspace workspace, PythonClient client) throws Exception {
        try (StandInHub hub = hub(origin(workspace))) {
            workspace.write(Config.FILE, Config.empty().model("hf:" + MODEL).toString());
            maven(maven, hub, "init", "download", "status").succeeded();
            JsonNode plugin = Report.read(workspace.file(".cache/reports/status.json"))
                    .root()
                    .path("models")
                    .get(0);
            JsonNode counted = client.script(PythonClient.Place.offline(workspace), "hub.py", MODEL)
                    .json()
                    .path("repositories")
                    .path(MODEL);
            assertThat(plugin.path("bytes").asLong())
                    .isEqualTo(counted.path("bytes").asLong());
            // The plugin counts a model's files, the client the contents: two of the files are equal.
            assertThat(plugin.path("files").asLong())
                    .isEqualTo(counted.path("files").asLong() + 1);
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void readsTheStandInsErrorsAsTheHubs(Workspace workspace, PythonClient client) throws Exception {
        Path origin = origin(workspace);
        try (StandInHub hub = hub(origin)) {
            hub.add("acme/gated", origin, Map.of("gated", "true"));
            hub.add("acme/off", origin, Map.of("disabled", "true"));
            JsonNode errors = client.script(
                            PythonClient.Place.online(workspace, hub.endpoint()),
                            "errors.py",
                            "acme/none",
                            "acme/gated",
                            "acme/off",
                            "acme/tiny@v9",
                            "acme/tiny:none.bin")
                    .json();
            assertThat(errors.path("acme/none").asString()).isEqualTo("RepositoryNotFoundError");
            assertThat(errors.path("acme/gated").asString()).isEqualTo("GatedRepoError");
            assertThat(errors.path("acme/off").asString()).isEqualTo("DisabledRepoError");
            assertThat(errors.path("acme/tiny@v9").asString()).isEqualTo("RevisionNotFoundError");
            assertThat(errors.path("acme/tiny:none.bin").asString()).contains("EntryNotFoundError");
        }
    }

    static BuildResult maven(MavenBuild maven, StandInHub hub, String... goals) {
        return maven.cache(goals)
                .property("cache.endpoint", hub.endpoint().toString())
                .run();
    }

    static StandInHub hub(Path origin) throws IOException {
        StandInHub hub = StandInHub.start();
        hub.add(MODEL, origin);
        hub.add(DATA, origin);
        return hub;
    }

    static Path origin(Workspace workspace) {
        Path origin = workspace.root().resolve("origin");
        workspace
                .write(origin.resolve("config.json"), "{\"hidden\": 4}")
                .write(origin.resolve("model.safetensors"), "w".repeat(3_000_000))
                .write(origin.resolve("onnx/deep/model.onnx"), "o".repeat(50_000))
                .write(origin.resolve("1_Pooling/config.json"), "{}")
                .write(origin.resolve("2_Dense/config.json"), "{}")
                .write(origin.resolve("empty.txt"), "")
                .write(origin.resolve("a b+c;é.txt"), "odd name");
        return origin;
    }

    /** How many files and links the hub's cache holds. */
    static int files(Workspace workspace) throws IOException {
        try (Stream<Path> paths = Files.walk(workspace.file(HUB))) {
            return (int) paths.filter(path -> !Files.isDirectory(path)).count();
        }
    }

    static Map<String, String> digests(JsonNode loaded) {
        Map<String, String> digests = new TreeMap<>();
        loaded.path("files")
                .properties()
                .forEach(file -> digests.put(file.getKey(), file.getValue().asString()));
        return digests;
    }

    static Map<String, String> digests(Path origin) throws Exception {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(origin)) {
            for (Path file : paths.filter(Files::isRegularFile).toList()) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                digests.put(origin.relativize(file).toString(), HexFormat.of().formatHex(digest));
            }
        }
        return digests;
    }
}
