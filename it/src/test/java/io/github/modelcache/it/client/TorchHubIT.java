package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.testing.FaultyServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import tools.jackson.databind.JsonNode;

/** What {@code torch.hub} and the plugin do with each other's files. */
@Tag("clients-torch")
@Client("torch-hub")
class TorchHubIT {

    private static final String HOST = "https://download.pytorch.org/";
    private static final String GITHUB = "https://github.com/";
    private static final String SILERO = "torchhub:snakers4/silero-vad@v6";
    private static final String ZIPBALL = "/snakers4/silero-vad/zipball/v6";
    private static final String TORCH = ".cache/torch";

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void loadsACheckpointOfflineThatThePluginFetched(
            MavenBuild maven, Workspace workspace, PythonClient client, ClientTable table) throws Exception {
        try (FaultyServer server = new FaultyServer()) {
            Checkpoint checkpoint = Checkpoint.make(client, workspace, server);
            workspace.write(
                    Config.FILE,
                    mirrored(HOST, server)
                            .model("torch:" + HOST + checkpoint.path())
                            .toString());
            maven(maven, "init", "download", "verify").succeeded();
            table.filled(client, "torch:", "plugin", work(server, 0, checkpoint.size(), files(workspace, TORCH)));
            int asked = server.requests().size();
            Fingerprint before = workspace.fingerprint();

            assertThat(checkpoint.load(client, PythonClient.Place.offline(workspace), HOST))
                    .isEqualTo(checkpoint.tensors());

            assertThat(workspace.fingerprint()).isEqualTo(before);
            table.loadedOffline(client, "torch:", work(server, asked, checkpoint.size(), 0));
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void fetchesACheckpointThatThePluginTakesAsItIs(
            MavenBuild maven, Workspace workspace, PythonClient client, ClientTable table) throws Exception {
        try (FaultyServer server = new FaultyServer()) {
            Checkpoint checkpoint = Checkpoint.make(client, workspace, server);
            String host = server.uri("/").toString();
            assertThat(checkpoint.load(client, PythonClient.Place.online(workspace, server.uri("/")), host))
                    .isEqualTo(checkpoint.tensors());
            table.filled(client, "torch:", "client", work(server, 0, checkpoint.size(), files(workspace, TORCH)));
            int asked = server.requests().size();
            Fingerprint before = Fingerprint.of(workspace.file(TORCH), path -> path.endsWith(".locks"));

            workspace.write(
                    Config.FILE,
                    Config.empty().model("torch:" + host + checkpoint.path()).toString());
            maven(maven, "init", "download", "verify").succeeded();
            maven(maven.property("cache.rehash", "true").offline(), "download", "verify")
                    .succeeded();

            assertThat(server.requests()).hasSize(asked);
            assertThat(Fingerprint.of(workspace.file(TORCH), path -> path.endsWith(".locks")))
                    .isEqualTo(before);
            table.taken(client, "torch:", work(server, asked, checkpoint.size(), 0));
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void runsARepositoryOfflineThatThePluginUnpacked(
            MavenBuild maven, Workspace workspace, PythonClient client, ClientTable table) throws Exception {
        try (FaultyServer server = new FaultyServer()) {
            long size = serveSilero(client, workspace, server);
            workspace.write(Config.FILE, mirrored(GITHUB, server).model(SILERO).toString());
            maven(maven, "init", "download", "verify").succeeded();
            table.filled(client, "torchhub: silero", "plugin", work(server, 0, size, files(workspace, TORCH)));
            int asked = server.requests().size();
            Fingerprint before = Fingerprint.of(workspace.file(TORCH), TorchHubIT::byPython);

            assertThat(heard(client, workspace, "hub")).isEqualTo(heard(client, workspace, "package"));

            // A list of who is trusted, empty, is what torch itself leaves in any cache.
            Fingerprint after = Fingerprint.of(workspace.file(TORCH), TorchHubIT::byPython);
            assertThat(after.entries().keySet())
                    .filteredOn(name -> !name.equals("hub/trusted_list"))
                    .containsExactlyElementsOf(before.entries().keySet());
            assertThat(after.entries()).containsAllEntriesOf(before.entries());
            maven(maven.property("cache.rehash", "true").offline(), "download", "verify")
                    .succeeded();
            table.loadedOffline(
                    client,
                    "torchhub: silero",
                    work(
                            server,
                            asked,
                            size,
                            after.entries().size() - before.entries().size()));
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void unpacksARepositoryThatThePluginLeavesAsItIs(
            MavenBuild maven, Workspace workspace, PythonClient client, ClientTable table) throws Exception {
        try (FaultyServer server = new FaultyServer()) {
            long size = serveSilero(client, workspace, server);
            client.script(
                            PythonClient.Place.online(workspace, server.uri("/")),
                            "silero.py",
                            "fetch",
                            server.uri(ZIPBALL).toString())
                    .succeeded();
            table.filled(client, "torchhub: silero", "client", work(server, 0, size, files(workspace, TORCH)));
            int asked = server.requests().size();
            Fingerprint before = Fingerprint.of(workspace.file(TORCH), path -> path.endsWith(".locks"));

            workspace.write(Config.FILE, mirrored(GITHUB, server).model(SILERO).toString());
            maven(maven, "init", "download", "verify").succeeded();

            // Nobody but the archive tells the digests: it is fetched to lock them, and nothing is unpacked.
            assertThat(server.requests()).hasSize(asked + 1);
            assertThat(Fingerprint.of(workspace.file(TORCH), path -> path.endsWith(".locks"))
                            .entries())
                    .containsAllEntriesOf(before.entries());
            maven(maven.property("cache.rehash", "true").offline(), "download", "verify")
                    .succeeded();
            table.taken(client, "torchhub: silero", work(server, asked, size, files(workspace, TORCH) - files(before)));
            assertThat(heard(client, workspace, "hub")).isEqualTo(heard(client, workspace, "package"));
        }
    }

    /** Serves what the package of silero-vad carries, real weights and the code that loads them, as a repository. */
    private static long serveSilero(PythonClient client, Workspace workspace, FaultyServer server) throws IOException {
        Path zip = workspace.root().resolve("silero.zip");
        client.script(PythonClient.Place.offline(workspace), "silero.py", "zip", zip.toString())
                .succeeded();
        server.on(ZIPBALL, FaultyServer.content(Files.readAllBytes(zip)));
        return Files.size(zip);
    }

    /** What a model makes of a signal; the code that ran must be from where it should be. */
    private static JsonNode heard(PythonClient client, Workspace workspace, String from) {
        JsonNode heard = client.script(PythonClient.Place.offline(workspace), "silero.py", from)
                .json();
        assertThat(heard.path("probabilities")).hasSizeGreaterThan(50);
        assertThat(heard.path("speech")).isNotEmpty();
        assertThat(heard.path("code")
                        .asString()
                        .startsWith(workspace
                                .file(TORCH + "/hub/snakers4_silero-vad_v6")
                                .toString()))
                .isEqualTo(from.equals("hub"));
        return heard.path("probabilities");
    }

    private static boolean byPython(Path path) {
        return path.getFileName().toString().equals("__pycache__");
    }

    private static ClientTable.Work work(FaultyServer server, int askedBefore, long size, int newFiles) {
        int asked = server.requests().size() - askedBefore;
        return new ClientTable.Work(asked, asked * size, newFiles);
    }

    private static Config mirrored(String host, FaultyServer server) {
        return Config.empty().member("mirrors", "{ \"" + host + "\": \"" + server.uri("/") + "\" }");
    }

    static BuildResult maven(MavenBuild maven, String... goals) {
        return maven.cache(goals).run();
    }

    /** How many files lie below a folder of the project. */
    private static int files(Workspace workspace, String folder) {
        return files(Fingerprint.of(workspace.file(folder), path -> false));
    }

    private static int files(Fingerprint fingerprint) {
        return (int) fingerprint.entries().values().stream()
                .filter(entry -> !entry.equals("folder"))
                .count();
    }

    /**
     * Real weights in a real file, though nobody trained them.
     *
     * @param path where its host serves it, without a slash before it
     * @param size in bytes
     * @param tensors a digest of what it holds
     */
    record Checkpoint(String path, long size, String tensors) {

        static Checkpoint make(PythonClient client, Workspace workspace, FaultyServer server) throws IOException {
            Path folder = workspace.root().resolve("own");
            JsonNode made = client.script(
                            PythonClient.Place.offline(workspace), "checkpoint.py", "make", folder.toString())
                    .json();
            String name = made.path("name").asString();
            byte[] content = Files.readAllBytes(folder.resolve(name));
            server.on("/models/" + name, FaultyServer.content(content));
            return new Checkpoint(
                    "models/" + name, content.length, made.path("tensors").asString());
        }

        String load(PythonClient client, PythonClient.Place place, String host) {
            return client.script(place, "checkpoint.py", "load", host + path)
                    .json()
                    .path("tensors")
                    .asString();
        }
    }
}
