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

/** A real model with real weights: what it computes from the cache must be what it computes from its own package. */
@Tag("clients-torch")
abstract class TransformersScenarios {

    private static final String MODEL = "sentence-transformers/all-MiniLM-L6-v2";
    private static final String HUB = ".cache/huggingface/hub";

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void computesOfflineFromWhatThePluginFetched(
            MavenBuild maven, Workspace workspace, PythonClient client, ClientTable table) throws Exception {
        Path own = own(client, workspace);
        try (StandInHub hub = StandInHub.start()) {
            hub.add(MODEL, own);
            workspace.write(Config.FILE, Config.empty().model("hf:" + MODEL).toString());
            HubScenarios.maven(maven, hub, "init", "download", "verify").succeeded();
            table.filled(client, "hf: all-MiniLM", "plugin", ClientTable.Work.on(hub, workspace, 0));
            hub.forget();
            int filled = HubScenarios.files(workspace);
            Fingerprint before = workspace.fingerprint();

            same(client.script(PythonClient.Place.offline(workspace), "embed.py", MODEL, own.toString())
                    .json());

            assertThat(workspace.fingerprint()).isEqualTo(before);
            table.loadedOffline(client, "hf: all-MiniLM", ClientTable.Work.on(hub, workspace, filled));
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void fillsACacheThatThePluginTakesAsItIs(
            MavenBuild maven, Workspace workspace, PythonClient client, ClientTable table) throws Exception {
        Path own = own(client, workspace);
        try (StandInHub hub = StandInHub.start()) {
            hub.add(MODEL, own);
            PythonClient.Place place = PythonClient.Place.online(workspace, hub.endpoint());
            same(client.script(place, "embed.py", MODEL, own.toString()).json());
            int filled = HubScenarios.files(workspace);
            table.filled(client, "hf: all-MiniLM", "client", ClientTable.Work.on(hub, workspace, 0));
            hub.forget();
            Fingerprint before = Fingerprint.of(workspace.file(HUB), path -> false);

            // The library reads neither of the two that are left out.
            workspace.write(
                    Config.FILE, Config.empty().declared("""
                            { "model": "hf:%s", "exclude": [".gitattributes", "data_config.json"] }""".formatted(MODEL)).toString());
            HubScenarios.maven(maven, hub, "init", "download", "verify").succeeded();

            assertThat(hub.bytesSent()).isZero();
            assertThat(hub.requests()).allMatch(request -> request.startsWith("GET /api/"));
            assertThat(Fingerprint.of(workspace.file(HUB), path -> false)).isEqualTo(before);
            table.taken(client, "hf: all-MiniLM", ClientTable.Work.on(hub, workspace, filled));
            HubScenarios.maven(maven.property("cache.rehash", "true").offline(), hub, "download", "verify")
                    .succeeded();
            same(client.script(PythonClient.Place.offline(workspace), "embed.py", MODEL, own.toString())
                    .json());
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void computesFromWhatThePluginServes(MavenBuild maven, Workspace workspace, PythonClient client) throws Exception {
        Path own = own(client, workspace);
        try (StandInHub hub = StandInHub.start()) {
            hub.add(MODEL, own);
            workspace.write(Config.FILE, Config.empty().model("hf:" + MODEL).toString());
            HubScenarios.maven(maven, hub, "init", "download").succeeded();
        }
        try (Serving serving = Serving.start(maven, workspace)) {
            same(client.script(serving.place(workspace.second()), "embed.py", MODEL, own.toString())
                    .json());
        }
    }

    private static Path own(PythonClient client, Workspace workspace) {
        return Path.of(client.script(PythonClient.Place.offline(workspace), "own_copy.py")
                .succeeded()
                .output()
                .strip());
    }

    private static void same(JsonNode computed) {
        assertThat(computed.path("dimensions").asInt()).isEqualTo(384);
        assertThat(computed.path("length").asDouble()).isBetween(0.999, 1.001);
        assertThat(computed.path("embeddingDifference").asDouble()).isZero();
        assertThat(computed.path("hiddenDifference").asDouble()).isZero();
    }
}
