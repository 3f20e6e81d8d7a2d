package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** The newest client, whose commands list, check and thin out a cache. */
@Client("hub-newest")
class NewestHubIT extends HubScenarios {

    private static final String HUB = ".cache/huggingface/hub";
    private static final String VERIFY = ".cache/reports/verify.json";

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void listsWhatThePluginsStatusLists(MavenBuild maven, Workspace workspace, PythonClient client) throws Exception {
        try (StandInHub hub = threeRepositories(workspace)) {
            maven(maven, hub, "init", "download", "status").succeeded();
            PythonClient.Place place = PythonClient.Place.offline(workspace);

            Map<String, Long> plugin = new TreeMap<>();
            Map<String, String> shown = new TreeMap<>();
            for (JsonNode model : Report.read(workspace.file(".cache/reports/status.json"))
                    .root()
                    .path("models")) {
                String name = model.path("model").asString().substring("hf:".length());
                plugin.put(name.replace("datasets/", ""), model.path("bytes").asLong());
                shown.put(
                        name.startsWith("datasets/") ? name.replaceFirst("s/", "/") : "model/" + name,
                        rounded(model.path("bytes").asLong()));
            }

            Map<String, Long> counted = new TreeMap<>();
            client.script(place, "hub.py", "acme/tiny")
                    .json()
                    .path("repositories")
                    .properties()
                    .forEach(found -> counted.put(
                            found.getKey(), found.getValue().path("bytes").asLong()));
            Map<String, String> listed = new TreeMap<>();
            client.run(place, "bin/hf", "cache", "ls", "--json")
                    .json()
                    .forEach(found -> listed.put(
                            found.path("id").asString(), found.path("size").asString()));

            assertThat(counted).hasSize(3).isEqualTo(plugin);
            assertThat(listed).isEqualTo(shown);
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void complainsAboutTheSameFile(MavenBuild maven, Workspace workspace, PythonClient client) throws Exception {
        try (StandInHub hub = threeRepositories(workspace)) {
            maven(maven, hub, "init", "download", "verify").succeeded();
            PythonClient.Place place = PythonClient.Place.online(workspace, hub.endpoint());
            for (String id : new String[] {"acme/tiny", "acme/other"}) {
                client.run(place, "bin/hf", "cache", "verify", id).succeeded();
            }

            flipAByte(file(workspace, "acme/tiny", "onnx/deep/model.onnx"));

            PythonClient.Ran hf = client.run(place, "bin/hf", "cache", "verify", "acme/tiny");
            assertThat(hf.exitCode()).isNotZero();
            assertThat(hf.output() + hf.errors())
                    .contains("onnx/deep/model.onnx")
                    .doesNotContain("model.safetensors");
            client.run(place, "bin/hf", "cache", "verify", "acme/other").succeeded();
            maven(maven, hub, "verify").failedWith("model-corrupt");
            JsonNode finding = Report.read(workspace.file(VERIFY)).finding("model-corrupt");
            assertThat(finding.path("model").asString()).isEqualTo("hf:acme/tiny");
            assertThat(finding.path("path").asString()).endsWith("onnx/deep/model.onnx");

            maven(maven, hub, "download", "verify").succeeded();
            client.run(place, "bin/hf", "cache", "verify", "acme/tiny").succeeded();
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void removesWhatThePluginThenMisses(MavenBuild maven, Workspace workspace, PythonClient client) throws Exception {
        try (StandInHub hub = threeRepositories(workspace)) {
            maven(maven, hub, "init", "download", "verify").succeeded();
            PythonClient.Place place = PythonClient.Place.offline(workspace);

            client.run(place, "bin/hf", "cache", "rm", "model/acme/other", "--yes")
                    .succeeded();
            client.run(place, "bin/hf", "cache", "rm", "hf://models/acme/tiny/onnx/deep/model.onnx", "--yes")
                    .succeeded();

            maven(maven.offline(), hub, "verify").failedWith("model-missing");
            assertThat(Report.read(workspace.file(VERIFY)).findings("model-missing"))
                    .extracting(finding -> finding.path("model").asString())
                    .containsOnly("hf:acme/other", "hf:acme/tiny");
            hub.forget();
            maven(maven, hub, "download", "verify").succeeded();
            assertThat(hub.requests()).noneMatch(request -> request.contains("words"));
            assertThat(digests(client.script(place, "hub.py", "acme/tiny").json()))
                    .isEqualTo(digests(origin(workspace)));
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void prunesOnlyWhatNoBranchNames(MavenBuild maven, Workspace workspace, PythonClient client) throws Exception {
        try (StandInHub hub = hub(origin(workspace))) {
            String commit = hub.add("acme/other", other(workspace));
            workspace.write(
                    Config.FILE,
                    Config.empty()
                            .model("hf:acme/tiny")
                            .declared("{ \"model\": \"hf:acme/other\", \"revision\": \"%s\" }".formatted(commit))
                            .toString());
            maven(maven, hub, "init", "download", "verify").succeeded();

            client.run(PythonClient.Place.offline(workspace), "bin/hf", "cache", "prune", "--yes")
                    .succeeded();

            // A commit that no branch names is what prune is for, by the hub's own rules too.
            maven(maven.offline(), hub, "verify").failedWith("model-missing");
            assertThat(Report.read(workspace.file(VERIFY)).findings("model-missing"))
                    .extracting(finding -> finding.path("model").asString())
                    .containsOnly("hf:acme/other");
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void fillsACacheWithoutLinksThatThePluginTakes(
            MavenBuild maven, Workspace workspace, PythonClient client, ClientTable table) throws Exception {
        try (StandInHub hub = hub(origin(workspace))) {
            PythonClient.Place place =
                    PythonClient.Place.online(workspace, hub.endpoint()).env("HF_HUB_DISABLE_SYMLINKS", "1");
            // One worker: without links the client moves a blob away while another worker copies it for an equal file.
            client.run(place, "bin/hf", "download", "--max-workers", "1", "acme/tiny")
                    .succeeded();
            Path weights = file(workspace, "acme/tiny", "onnx/deep/model.onnx");
            assertThat(Files.isSymbolicLink(weights)).isFalse();
            table.filled(client, "hf: without links", "client", ClientTable.Work.on(hub, workspace, 0));
            hub.forget();
            int filled = files(workspace);
            Fingerprint before = Fingerprint.of(workspace.file(HUB), path -> false);

            workspace.write(Config.FILE, Config.empty().model("hf:acme/tiny").toString());
            maven(maven, hub, "init", "download", "verify").succeeded();

            assertThat(hub.bytesSent()).isZero();
            assertThat(Fingerprint.of(workspace.file(HUB), path -> false)).isEqualTo(before);
            maven(maven.property("cache.rehash", "true").offline(), hub, "download", "verify")
                    .succeeded();
            table.taken(client, "hf: without links", ClientTable.Work.on(hub, workspace, filled));

            flipAByte(weights);
            maven(maven.offline(), hub, "verify").failedWith("model-corrupt", "onnx/deep/model.onnx");
            maven(maven, hub, "download", "verify").succeeded();
            assertThat(digests(client.script(PythonClient.Place.offline(workspace), "hub.py", "acme/tiny")
                            .json()))
                    .isEqualTo(digests(origin(workspace)));
        }
    }

    private static StandInHub threeRepositories(Workspace workspace) throws IOException {
        StandInHub hub = hub(origin(workspace));
        hub.add("acme/other", other(workspace));
        workspace.write(
                Config.FILE,
                Config.empty()
                        .model("hf:acme/tiny")
                        .model("hf:acme/other")
                        .model("hf:datasets/acme/words")
                        .toString());
        return hub;
    }

    private static Path other(Workspace workspace) {
        Path other = workspace.root().resolve("other");
        workspace.write(other.resolve("config.json"), "{}").write(other.resolve("model.bin"), "b".repeat(123_456));
        return other;
    }

    /** A file of the only snapshot of a model. */
    private static Path file(Workspace workspace, String id, String path) {
        Path snapshots = workspace.file(HUB + "/models--" + id.replace("/", "--") + "/snapshots");
        String[] commits = snapshots.toFile().list();
        assertThat(commits).hasSize(1);
        return snapshots.resolve(commits[0]).resolve(path);
    }

    private static void flipAByte(Path file) throws IOException {
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            int old = content.read();
            content.seek(0);
            content.write(old ^ 1);
        }
    }

    /** A size as the client's list shows it. */
    private static String rounded(long bytes) {
        double size = bytes;
        String unit = "";
        for (String next : new String[] {"K", "M"}) {
            if (size >= 1000) {
                size /= 1000;
                unit = next;
            }
        }
        return "%.1f%s".formatted(size, unit);
    }
}
