package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.testing.StandInHub;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import tools.jackson.databind.JsonNode;

/** faster-whisper finds a model of a size that it knows in the hub's cache: one with random weights, and no torch. */
@Tag("clients")
@Client("faster-whisper")
class FasterWhisperIT {

    private static final String SIZE = "tiny";
    private static final String MODEL = "Systran/faster-whisper-tiny";
    private static final String HUB = ".cache/huggingface/hub";

    /** What the library asks for. */
    private static final String DECLARED = """
            { "model": "hf:%s",
              "include": ["config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*"] }""".formatted(MODEL);

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void computesOfflineFromWhatThePluginFetched(
            MavenBuild maven, Workspace workspace, PythonClient client, ClientTable table) throws Exception {
        Path own = make(client, workspace);
        try (StandInHub hub = StandInHub.start()) {
            hub.add(MODEL, own);
            workspace.write(Config.FILE, Config.empty().declared(DECLARED).toString());
            HubScenarios.maven(maven, hub, "init", "download", "verify").succeeded();
            table.filled(client, "hf: " + SIZE, "plugin", ClientTable.Work.on(hub, workspace, 0));
            hub.forget();
            int filled = HubScenarios.files(workspace);
            Fingerprint before = workspace.fingerprint();

            same(loaded(client, workspace, own));

            assertThat(workspace.fingerprint()).isEqualTo(before);
            table.loadedOffline(client, "hf: " + SIZE, ClientTable.Work.on(hub, workspace, filled));
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void fillsACacheThatThePluginTakesAsItIs(
            MavenBuild maven, Workspace workspace, PythonClient client, ClientTable table) throws Exception {
        Path own = make(client, workspace);
        try (StandInHub hub = StandInHub.start()) {
            hub.add(MODEL, own);
            same(client.script(
                            PythonClient.Place.online(workspace, hub.endpoint()),
                            "faster_whisper_load.py",
                            SIZE,
                            own.toString())
                    .json());
            table.filled(client, "hf: " + SIZE, "client", ClientTable.Work.on(hub, workspace, 0));
            hub.forget();
            int filled = HubScenarios.files(workspace);
            Fingerprint before = Fingerprint.of(workspace.file(HUB), path -> false);

            workspace.write(Config.FILE, Config.empty().declared(DECLARED).toString());
            HubScenarios.maven(maven, hub, "init", "download", "verify").succeeded();

            assertThat(hub.bytesSent()).isZero();
            assertThat(Fingerprint.of(workspace.file(HUB), path -> false)).isEqualTo(before);
            HubScenarios.maven(maven.property("cache.rehash", "true").offline(), hub, "download", "verify")
                    .succeeded();
            table.taken(client, "hf: " + SIZE, ClientTable.Work.on(hub, workspace, filled));
            same(loaded(client, workspace, own));
        }
    }

    private static Path make(PythonClient client, Workspace workspace) {
        Path folder = workspace.root().resolve("own");
        client.script(PythonClient.Place.offline(workspace), "faster_whisper_make.py", folder.toString())
                .succeeded();
        return folder;
    }

    private static JsonNode loaded(PythonClient client, Workspace workspace, Path own) {
        return client.script(
                        PythonClient.Place.offline(workspace),
                        "faster_whisper_load.py",
                        SIZE,
                        own.toString(),
                        "offline")
                .json();
    }

    private static void same(JsonNode computed) {
        assertThat(computed.path("numbers").asInt()).isPositive();
        assertThat(computed.path("spread").asDouble()).isPositive();
        assertThat(computed.path("difference").asDouble()).isZero();
    }
}
