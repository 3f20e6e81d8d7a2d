package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.testing.StandInHub;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import tools.jackson.databind.JsonNode;

/** Clients of {@code cache:serve} that reach nothing but its port. */
@Tag("clients")
@Client("hub-newest")
class ServedModelsIT {

    private static final String NOT_LOCKED = "hf:acme/none is not in the lock file, and cache:serve fetches nothing";

    /** Knows three words. */
    private static final String TOKENIZER = """
        {
          "version": "1.0",
          "added_tokens": [],
          "pre_tokenizer": { "type": "Whitespace" },
          "model": {
            "type": "WordLevel",
            "vocab": { "[UNK]": 0, "maven": 1, "builds": 2, "models": 3 },
            "unk_token": "[UNK]"
          }
        }
        """;

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void areLoadedByTheHubsClient(MavenBuild maven, Workspace workspace, PythonClient client) throws Exception {
        Map<String, String> origin = fill(maven, workspace);
        try (Serving serving = Serving.start(maven, workspace)) {
            PythonClient.Place place = serving.place(workspace.second());

            client.run(place, "bin/hf", "download", "acme/tiny").succeeded();
            client.run(place, "bin/hf", "cache", "verify", "acme/tiny").succeeded();
            JsonNode model = client.script(place, "hub.py", "acme/tiny").json();
            JsonNode data =
                    client.script(place, "hub.py", "acme/words", "dataset").json();

            assertThat(HubScenarios.digests(model)).isEqualTo(origin);
            assertThat(HubScenarios.digests(data)).isEqualTo(origin);
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void areLoadedByTransformers(
            MavenBuild maven, Workspace workspace, @Client("transformers-light") PythonClient client) throws Exception {
        Path origin = workspace.root().resolve("words");
        workspace
                .write(origin.resolve("config.json"), "{\"model_type\": \"bert\", \"hidden_size\": 32}")
                .write(origin.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"PreTrainedTokenizerFast\"}")
                .write(origin.resolve("tokenizer.json"), TOKENIZER)
                .write(Config.FILE, Config.empty().model("hf:acme/words").toString());
        try (StandInHub hub = StandInHub.start()) {
            hub.add("acme/words", origin);
            HubScenarios.maven(maven, hub, "init", "download").succeeded();
        }
        try (Serving serving = Serving.start(maven, workspace)) {
            JsonNode told = client.script(
                            serving.place(workspace.second()), "tokenize_words.py", "acme/words", "maven builds models")
                    .json();

            assertThat(told.path("ids")).extracting(JsonNode::asInt).containsExactly(1, 2, 3);
            assertThat(told.path("hidden").asInt()).isEqualTo(32);
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void areTheOnlyOnesThatTheHubsClientFinds(MavenBuild maven, Workspace workspace, PythonClient client)
            throws Exception {
        fill(maven, workspace);
        try (Serving serving = Serving.start(maven, workspace)) {
            PythonClient.Place place = serving.place(workspace.second());

            PythonClient.Ran none = client.run(place, "bin/hf", "download", "acme/none");
            JsonNode errors = client.script(
                            place, "errors.py", "acme/none", "acme/tiny@v9", "acme/tiny:none.bin", "acme/tiny")
                    .json();

            assertThat(none.exitCode()).isNotZero();
            assertThat(none.output() + none.errors()).contains("acme/none");
            assertThat(errors.path("acme/none").asString()).isEqualTo("RepositoryNotFoundError");
            assertThat(errors.path("acme/tiny@v9").asString()).isEqualTo("RevisionNotFoundError");
            assertThat(errors.path("acme/tiny:none.bin").asString()).contains("EntryNotFoundError");
            assertThat(errors.path("acme/tiny").asString()).isEqualTo("none");
            assertThat(serving.stop()).contains(NOT_LOCKED).doesNotContain("none.bin");
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void fillTheCacheOfAnotherProject(MavenBuild maven, Workspace workspace, PythonClient client) throws Exception {
        Map<String, String> origin = fill(maven, workspace);
        Workspace second = workspace.second();
        second.write(Config.FILE, Config.empty().model("hf:acme/tiny").toString());
        try (Serving serving = Serving.start(maven, workspace)) {
            MavenBuild other =
                    maven.in(second).property("cache.endpoint", serving.url().toString());

            assertThat(serving.inside(other.cache("init", "download", "verify")))
                    .contains("BUILD SUCCESS");
            JsonNode model = client.script(PythonClient.Place.offline(second), "hub.py", "acme/tiny")
                    .json();
            second.write(
                    Config.FILE,
                    Config.empty().model("hf:acme/tiny").model("hf:acme/none").toString());
            String refused = serving.inside(other.cache("lock"));

            assertThat(HubScenarios.digests(model)).isEqualTo(origin);
            assertThat(refused).contains("BUILD FAILURE", "hf:acme/none");
        }
    }

    /** Fills the cache of the workspace, and tells the digests of what each repository has. */
    private static Map<String, String> fill(MavenBuild maven, Workspace workspace) throws Exception {
        Path origin = HubScenarios.origin(workspace);
        try (StandInHub hub = HubScenarios.hub(origin)) {
            workspace.write(
                    Config.FILE,
                    Config.empty()
                            .model("hf:acme/tiny")
                            .model("hf:datasets/acme/words")
                            .toString());
            HubScenarios.maven(maven, hub, "init", "download").succeeded();
        }
        return HubScenarios.digests(origin);
    }
}
