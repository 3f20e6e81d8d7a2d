package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.testing.FaultyServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import tools.jackson.databind.JsonNode;

/**
 * openai-whisper's file check. Its models are on no package index, and their digests are fixed on both sides. So these
 * scenarios show apart what they cannot show together: that both sides know the same addresses, names and digests, that
 * both refuse any other content, and that the library loads a file that the plugin checked where the digests agree.
 */
@Tag("clients-torch")
@Client("torch-hub")
class WhisperIT {

    private static final String HOST = "https://openaipublic.azureedge.net/";
    private static final String TINY = "65147644a518d12f04e32d6f3b26facc3f8dd46e5390956a9424a650c0ce22b9";
    private static final String PATH = "main/whisper/models/" + TINY + "/tiny.pt";

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void knowsTheAddressesThatThePluginAsksFor(MavenBuild maven, Workspace workspace, PythonClient client) {
        Map<String, String> addresses = new TreeMap<>();
        client.script(PythonClient.Place.offline(workspace), "whisper_check.py", "table")
                .json()
                .properties()
                .forEach(model -> addresses.put(model.getKey(), model.getValue().asString()));
        assertThat(addresses).hasSizeGreaterThan(10);
        try (FaultyServer server = new FaultyServer()) {
            Config config = mirrored(server);
            for (String name : addresses.keySet()) {
                config = config.model("whisper:" + name);
            }
            workspace.write(Config.FILE, config.toString());

            // The server has none of them: what it is asked for is what this is about. An address holds the digest.
            TorchHubIT.maven(maven, "init", "download").failedWith("whisper:tiny", "whisper:turbo");

            assertThat(server.requests())
                    .extracting(request -> HOST + request.path().substring(1))
                    .hasSameElementsAs(addresses.values());
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void refusesWhatThePluginRefuses(MavenBuild maven, Workspace workspace, PythonClient client) throws Exception {
        String wrong = "w".repeat(100_000);
        try (FaultyServer server = new FaultyServer()) {
            server.on("/" + PATH, FaultyServer.content(wrong.getBytes(StandardCharsets.UTF_8)));
            workspace.write(Config.FILE, mirrored(server).model("whisper:tiny").toString());
            TorchHubIT.maven(maven, "init", "download").failedWith("whisper:tiny", TINY);
            assertThat(workspace.file(".cache/whisper/tiny.pt")).doesNotExist();

            workspace.write(".cache/whisper/tiny.pt", wrong).write(Config.LOCK, """
                    { "schemaVersion": 1, "models": [ { "model": "whisper:tiny", "revision": "sha256:%1$s", "files": [
                      { "path": "tiny.pt", "size": %2$d, "sha256": "%1$s", "url": "%3$s" } ] } ] }
                    """.formatted(
                            TINY, wrong.length(), HOST + PATH));
            TorchHubIT.maven(maven.offline(), "verify").failedWith("model-corrupt", "tiny.pt");
            PythonClient.Ran ran = client.script(
                    PythonClient.Place.offline(workspace),
                    "whisper_check.py",
                    "load",
                    workspace.file(".cache/whisper").toString());
            assertThat(ran.exitCode()).isNotZero();
            assertThat(ran.errors()).contains("tiny.pt exists, but the SHA256 checksum does not match");
        }
    }

    /** By {@code url:}, as no file that can be had here has a digest that the plugin knows for {@code whisper:}. */
    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void loadsAFileOfflineThatThePluginFetchedWhereTheDigestsAgree(
            MavenBuild maven, Workspace workspace, PythonClient client, ClientTable table) throws Exception {
        Path own = workspace.root().resolve("own/tiny.pt");
        JsonNode made = client.script(PythonClient.Place.offline(workspace), "whisper_check.py", "make", own.toString())
                .json();
        String sha256 = made.path("sha256").asString();
        try (FaultyServer server = new FaultyServer()) {
            String path = "/main/whisper/models/" + sha256 + "/tiny.pt";
            server.on(path, FaultyServer.content(Files.readAllBytes(own)));
            workspace.write(
                    Config.FILE,
                    Config.empty()
                            .url(server.uri(path), sha256, "whisper/tiny.pt")
                            .toString());
            TorchHubIT.maven(maven, "init", "download", "verify").succeeded();
            table.filled(
                    client,
                    "url: whisper's tiny",
                    "plugin",
                    new ClientTable.Work(server.requests().size(), Files.size(own), 1));
            int asked = server.requests().size();
            Fingerprint before = workspace.fingerprint();

            JsonNode loaded = client.script(
                            PythonClient.Place.offline(workspace),
                            "whisper_check.py",
                            "load",
                            workspace.file(".cache/models/whisper").toString(),
                            sha256)
                    .json();

            assertThat(loaded.path("tensors")).isEqualTo(made.path("tensors"));
            assertThat(server.requests()).hasSize(asked);
            assertThat(workspace.fingerprint()).isEqualTo(before);
            table.loadedOffline(client, "url: whisper's tiny", new ClientTable.Work(0, 0, 0));
        }
    }

    private static Config mirrored(FaultyServer server) {
        return Config.empty().member("mirrors", "{ \"" + HOST + "\": \"" + server.uri("/") + "\" }");
    }
}
