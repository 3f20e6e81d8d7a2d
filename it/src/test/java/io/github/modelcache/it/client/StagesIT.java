package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildSettings;
import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Scaffold;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.ModelContent;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.StandInHub;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stages of one pipeline, each in an environment of its own with another library: all of them are told the same places,
 * nothing lands anywhere else, and no model is stored twice.
 */
@Tag("clients-torch")
@Client("hub-newest")
class StagesIT {

    private static final String EMBEDDING = "sentence-transformers/all-MiniLM-L6-v2";
    private static final String HUB = ".cache/huggingface/hub";
    private static final String TORCH_HOST = "https://download.pytorch.org/";

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void everyStageOfAScaffoldLoadsFromTheOneCacheAndNothingLandsElsewhere(
            MavenBuild maven,
            Workspace workspace,
            @Client("hub-newest") PythonClient hubClient,
            @Client("torch-hub") PythonClient torch,
            @Client("transformers-4") PythonClient transformers4,
            @Client("transformers-5") PythonClient transformers5)
            throws Exception {
        try (StandInHub hub = StandInHub.start();
                FaultyServer server = new FaultyServer()) {
            Path embedding = embedding(transformers4, workspace);
            hub.add(EMBEDDING, embedding);
            hub.add("acme/tiny", HubScenarios.origin(workspace));
            TorchHubIT.Checkpoint checkpoint = TorchHubIT.Checkpoint.make(torch, workspace, server);
            Workspace user = workspace.second();
            Pipeline pipeline = Pipeline.scaffold(
                    maven.in(user),
                    user,
                    List.of(
                            new Stage("prepare", hubClient, "hub", "acme/tiny"),
                            new Stage("separate", torch, "torch", TORCH_HOST + checkpoint.path()),
                            new Stage("translate", transformers4, "transformers", EMBEDDING),
                            new Stage("embed", transformers5, "transformers", EMBEDDING)));
            pipeline.declare(
                    Map.of(TORCH_HOST, server.uri("/").toString()),
                    List.of("hf:acme/tiny", "torch:" + TORCH_HOST + checkpoint.path(), "hf:" + EMBEDDING));
            pipeline.maven(hub, "init", "download").run().succeeded();
            JsonNode expected = pipeline.environment(hub);
            int asked = server.requests().size();
            hub.forget();
            Map<String, String> before = pipeline.models();

            List<String> table = new ArrayList<>();
            for (Stage stage : pipeline.stages()) {
                JsonNode told = pipeline.run(stage, hub);
                assertThat(told.path("loaded").asLong()).isPositive();
                for (String generation : List.of("child", "grandchild")) {
                    sees(told.path(generation), expected, stage.client());
                }
                table.add("%-10s %-15s %-24s %9d %10d"
                        .formatted(
                                stage.name(),
                                stage.client().name(),
                                told.path("library").asString(),
                                hub.bytesSent(),
                                pipeline.models().size() - before.size()));
            }

            assertThat(hub.bytesSent()).isZero();
            assertThat(server.requests()).hasSize(asked);
            assertThat(pipeline.models()).isEqualTo(before);
            for (Path own : List.of(
                    embedding.resolve("model.safetensors"),
                    HubScenarios.origin(workspace).resolve("model.safetensors"),
                    workspace
                            .root()
                            .resolve("own")
                            .resolve(Path.of(checkpoint.path()).getFileName()))) {
                String digest = ModelContent.sha256(Files.readAllBytes(own));
                assertThat(before.values()).as("copies of " + own).containsOnlyOnce(digest);
            }
            assertThat(user.home().toFile().list())
                    .as("what is in the home folder")
                    .containsExactly(".m2");
            pipeline.maven(hub, "verify").run().succeeded();
            print("stages", "stage      environment     library                     fetched  new files", table);
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void anEnvironmentUsesWhatAnotherOneFetched(
            MavenBuild maven,
            Workspace workspace,
            @Client("hub-newest") PythonClient hubClient,
            @Client("transformers-4") PythonClient transformers4,
            @Client("transformers-5") PythonClient transformers5)
            throws Exception {
        try (StandInHub hub = StandInHub.start()) {
            hub.add(EMBEDDING, embedding(transformers4, workspace));
            Workspace user = workspace.second();
            Pipeline pipeline = new Pipeline(
                    maven.in(user),
                    user.project(),
                    List.of(
                            new Stage("prepare", hubClient, "hub", EMBEDDING),
                            new Stage("translate", transformers4, "transformers", EMBEDDING),
                            new Stage("embed", transformers5, "transformers", EMBEDDING)));
            user.write(Config.FILE, "{}");
            pipeline.declare(Map.of(), List.of());
            pipeline.maven(hub, "init").run().succeeded();
            List<String> table = new ArrayList<>();
            pipeline.run(pipeline.stages().get(0), hub);
            assertThat(hub.bytesSent()).isPositive();
            table.add(row(pipeline.stages().get(0), hub, pipeline.models().size()));
            Fingerprint before = Fingerprint.of(user.file(HUB), path -> false);

            for (Stage stage : pipeline.stages().subList(1, 3)) {
                hub.forget();
                JsonNode told = pipeline.run(stage, hub, "-o");
                assertThat(told.path("loaded").asLong()).isPositive();
                assertThat(hub.requests()).as("requests of " + stage).isEmpty();
                assertThat(Fingerprint.of(user.file(HUB), path -> false)).isEqualTo(before);
                table.add(row(stage, hub, 0));
            }

            // With a network they ask whether there is anything newer, and fetch nothing.
            for (Stage stage : pipeline.stages().subList(1, 3)) {
                hub.forget();
                pipeline.run(stage, hub);
                assertThat(hub.bytesSent()).as("bytes for " + stage).isZero();
            }
            assertThat(user.home().toFile().list()).containsExactly(".m2");
            print("sharing", "stage      environment      requests      bytes  new files", table);
        }
    }

    private static String row(Stage stage, StandInHub hub, int newFiles) {
        return "%-10s %-15s %9d %10d %10d"
                .formatted(stage.name(), stage.client().name(), hub.requests().size(), hub.bytesSent(), newFiles);
    }

    private static Path embedding(PythonClient client, Workspace workspace) {
        return Path.of(client.script(PythonClient.Place.offline(workspace), "own_copy.py")
                .succeeded()
                .output()
                .strip());
    }

    /** A process of an environment has all that {@code cache:env} prints, and is in that environment. */
    private static void sees(JsonNode process, JsonNode expected, PythonClient environment) {
        assertThat(expected.propertyNames()).contains("HF_HOME", "TORCH_HOME", "TRANSFORMERS_CACHE");
        expected.properties()
                .forEach(variable -> assertThat(process.path(variable.getKey()))
                        .as(variable.getKey())
                        .isEqualTo(variable.getValue()));
        assertThat(process.path("VIRTUAL_ENV").asString())
                .isEqualTo(environment.home().toString());
        assertThat(process.path("PATH").asString())
                .startsWith(environment.home().resolve("bin") + File.pathSeparator);
        assertThat(process.has("HUGGINGFACE_HUB_CACHE")).isFalse();
    }

    private static void print(String name, String head, List<String> rows) throws IOException {
        String text = head + "\n" + String.join("\n", rows) + "\n";
        Files.writeString(BuildSettings.target().resolve(name + "-table.txt"), text, StandardCharsets.UTF_8);
        System.out.println(text);
    }

    /**
     * A stage of the pipeline.
     *
     * @param client its environment
     * @param kind of library, as {@code stage.py} names it
     * @param model what it loads
     */
    private record Stage(String name, PythonClient client, String kind, String model) {}

    /** A project with stages. */
    private record Pipeline(MavenBuild maven, Path project, List<Stage> stages) {

        static Pipeline scaffold(MavenBuild maven, Workspace user, List<Stage> stages) {
            Scaffold.generate(maven, user.root()).succeeded();
            Path project = user.root().resolve(Scaffold.ARTIFACT);
            return new Pipeline(maven.in(project), project, stages);
        }

        /** Writes stages, environments and models into the config that is there. */
        void declare(Map<String, String> mirrors, List<String> models) throws IOException {
            Path file = project.resolve(Config.FILE);
            JsonMapper json = JsonMapper.shared();
            ObjectNode config = (ObjectNode) json.readTree(file.toFile());
            Map<String, Object> environments = new LinkedHashMap<>();
            Map<String, String> mapping = new LinkedHashMap<>();
            for (Stage stage : stages) {
                String name = stage.client().name();
                environments.put(name, Map.of("path", stage.client().home().toString()));
                mapping.put(stage.name(), name);
            }
            config.set("environments", json.valueToTree(environments));
            config.set("stage_to_environment_mapping", json.valueToTree(mapping));
            config.set("workflow_to_environments_mapping", json.valueToTree(Map.of("all", environments.keySet())));
            ObjectNode cache = config.withObject("cache");
            cache.set("mirrors", json.valueToTree(mirrors));
            cache.set("models", json.valueToTree(models));
            Files.writeString(file, config.toPrettyString(), StandardCharsets.UTF_8);
        }

        /** A build with wrong variables all around, as a developer's shell may have them. */
        MavenBuild maven(StandInHub hub, String... goals) {
            return maven.cache(goals)
                    .env("HF_ENDPOINT", hub.endpoint().toString())
                    .env("HUGGINGFACE_HUB_CACHE", "/nowhere/hub")
                    .env("TRANSFORMERS_CACHE", "/nowhere/transformers")
                    .env("TORCH_HOME", "/nowhere/torch");
        }

        JsonNode environment(StandInHub hub) {
            maven(hub, "env")
                    .property("cache.format", "json")
                    .property("cache.output", "target/env.json")
                    .run()
                    .succeeded();
            return Report.read(project.resolve("target/env.json")).root();
        }

        JsonNode run(Stage stage, StandInHub hub, String... options) throws IOException {
            Path script = project.resolve("stages/stage.py");
            Files.createDirectories(script.getParent());
            Files.writeString(script, PythonClient.resource("stage.py"));
            Path result = project.resolve("target/" + stage.name() + ".json");
            Files.createDirectories(result.getParent());
            maven(hub, "exec")
                    .with(options)
                    .property("cache.exec.workflow", "all")
                    .property("cache.exec.stage", stage.name())
                    .property(
                            "cache.exec.command",
                            "python stages/stage.py %s %s %s".formatted(stage.kind(), stage.model(), result))
                    .run()
                    .succeeded();
            return Report.read(result).root();
        }

        /** The digest of each content in the model cache, by the one place that it really lies in. */
        Map<String, String> models() throws IOException {
            Map<String, String> models = new LinkedHashMap<>();
            Path cache = project.resolve(".cache");
            try (Stream<Path> files = Files.walk(cache)) {
                for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                            && Files.size(file) > 0
                            && !file.startsWith(cache.resolve(".modelcache"))) {
                        String name = cache.relativize(file).toString();
                        models.put(name, ModelContent.sha256(Files.readAllBytes(file)));
                    }
                }
            }
            return models;
        }
    }
}
