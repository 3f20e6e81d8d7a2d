package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.testing.StandInHub;
import java.nio.file.Files;
import java.nio.file.Path;

/** The newest client, whose commands list and check a cache. */
@Client("hub-newest")
class NewestHubIT extends HubScenarios {

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void agreesWithThePluginOnWhatIsWhole(MavenBuild maven, Workspace workspace, PythonClient client) throws Exception {
        try (StandInHub hub = hub(origin(workspace))) {
            workspace.write(Config.FILE, Config.empty().model("hf:acme/tiny").toString());
            maven(maven, hub, "init", "download", "verify").succeeded();
            PythonClient.Place place = PythonClient.Place.online(workspace, hub.endpoint());
            assertThat(client.run(place, "bin/hf", "cache", "ls").succeeded().output())
                    .contains("model/acme/tiny", "main");
            client.run(place, "bin/hf", "cache", "verify", "acme/tiny").succeeded();

            Path weights = workspace.find(".cache", "model.safetensors").toRealPath();
            Files.writeString(weights, "x" + "w".repeat(2_999_999));

            assertThat(client.run(place, "bin/hf", "cache", "verify", "acme/tiny")
                            .exitCode())
                    .isNotZero();
            maven(maven, hub, "verify").failedWith("model-corrupt");

            maven(maven, hub, "download", "verify").succeeded();
            client.run(place, "bin/hf", "cache", "verify", "acme/tiny").succeeded();
        }
    }
}
