package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Pom;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What verify finds around a cache that is itself as it should be; what each finding says to do is done, and mends it. */
class FindingsIT {

    private static final String TINY = "hf:acme/tiny";

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aProjectThatFollowsTheRulesHasNoneOfThem(MavenBuild maven, Workspace workspace) throws Exception {
        prepare(maven, workspace);
        workspace.git("init", "-q");
        workspace.git("add", "-A");
        Files.createSymbolicLink(workspace.home().resolve(".cache"), workspace.file(".cache"));
        maven.cache("env")
                .property("cache.format", "dotenv")
                .property("cache.output", ".env")
                .run()
                .succeeded();

        maven.cache("verify")
                .offline()
                .property("cache.failOn", "warning")
                .env("HF_HOME", workspace.home() + "/.cache/huggingface/")
                .env("TORCH_HOME", workspace.file(".cache/torch").toString())
                .env(
                        "HUGGINGFACE_HUB_CACHE",
                        workspace.file(".cache/huggingface/hub").toString())
                .run()
                .succeeded();

        // That a branch is only held by the lock is said of every such model.
        assertThat(ids(workspace)).containsExactly("model-unpinned");
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aVariableThatLeadsElsewhereIsFoundInTheEnvironmentAndInTheFile(MavenBuild maven, Workspace workspace)
            throws Exception {
        prepare(maven, workspace);
        workspace.write(".env", "# mine\nAPI=1\nTORCH_HOME=models/torch\n= nonsense\nMLX_CACHE_DIR=.cache/mlx\n");
        MavenBuild misled = maven.env("HF_HOME", "/data/hf").env("SENTENCE_TRANSFORMERS_HOME", "/data/st");

        misled.cache("verify")
                .offline()
                .run()
                .succeeded()
                .says(
                        "[WARNING] environment-conflict: HF_HOME is /data/hf in the environment that the build was started"
                                + " in; the config says " + workspace.file(".cache/huggingface"));

        List<JsonNode> found = Report.read(workspace.file(Report.VERIFY)).findings("environment-conflict");
        assertThat(found).hasSize(3);
        assertThat(found.get(0).path("expected").asString())
                .isEqualTo(workspace.file(".cache/huggingface").toString());
        assertThat(found.get(0).path("actual").asString()).isEqualTo("/data/hf");
        assertThat(found.get(0).path("fix").asString()).startsWith("unset HF_HOME");
        assertThat(found.get(1).path("message").asString()).startsWith("SENTENCE_TRANSFORMERS_HOME is /data/st");
        assertThat(found.get(2).path("path").asString()).isEqualTo(".env");
        assertThat(found.get(2).path("fix").asString())
                .isEqualTo("mvn cache:env -Dcache.format=dotenv -Dcache.output=.env");
        misled.cache("verify")
                .offline()
                .property("cache.failOn", "warning")
                .run()
                .failedWith("3 warnings", "environment-conflict");

        maven.cache("env")
                .property("cache.format", "dotenv")
                .property("cache.output", ".env")
                .run()
                .succeeded();

        assertThat(workspace.read(".env")).startsWith("# mine\nAPI=1\nTORCH_HOME=" + workspace.file(".cache/torch"));
        verifyFindsOnlyThe(maven, workspace, "model-unpinned");
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void anEnvironmentThatIsNotInstalledIsAnInfo(MavenBuild maven, Workspace workspace) throws Exception {
        prepare(maven, workspace);
        workspace.write(Config.FILE, Config.empty().model(TINY).toString().replace("\"cache\":", """
                        "environments": {
                          "asr": { "path": "venv/asr" },
                          "mlx": { "path": "venv/mlx", "enabled": false }
                        },
                        "cache":"""));

        maven.cache("verify")
                .offline()
                .property("cache.failOn", "warning")
                .run()
                .succeeded()
                .says(
                        "[INFO] environment-missing: An environment of the config is not installed: asr (venv/asr). Fix: mvn"
                                + " cache:init ",
                        "-Dcache.createEnvironments=true");

        JsonNode finding = Report.read(workspace.file(Report.VERIFY)).finding("environment-missing");
        assertThat(finding.path("severity").asString()).isEqualTo("info");
        assertThat(finding.path("path").asString()).isEqualTo("venv/asr");

        workspace.write("venv/asr/bin/python", "#!/bin/sh\n");
        assertThat(workspace.file("venv/asr/bin/python").toFile().setExecutable(true))
                .isTrue();
        verifyFindsOnlyThe(maven, workspace, "model-unpinned");
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aModelOfTheProjectInOtherCachesIsStrayAndStaysThere(MavenBuild maven, Workspace workspace) throws Exception {
        prepare(maven, workspace);
        Path hub = workspace.home().resolve(".cache/huggingface/hub");
        HubFixture stray = new HubFixture(hub, "acme/tiny").large("model.safetensors", "w".repeat(10_000));
        new HubFixture(hub, "acme/of-another-project").large("model.safetensors", "w".repeat(10_000));
        new HubFixture(workspace.file(".cache/huggingface"), "acme/tiny").large("model.safetensors", "12345");
        Fingerprint home = Fingerprint.of(hub, path -> false);

        maven.cache("verify")
                .offline()
                .run()
                .succeeded()
                .says("[WARNING] stray-cache: 10 kB of hf:acme/tiny in the home cache of the model hub")
                .neverSays("of-another-project");

        List<JsonNode> found = Report.read(workspace.file(Report.VERIFY)).findings("stray-cache");
        assertThat(found)
                .extracting(finding -> finding.path("path").asString())
                .containsExactlyInAnyOrder(
                        ".cache/huggingface/models--acme--tiny", stray.folder().toString());
        assertThat(found).allSatisfy(finding -> {
            assertThat(finding.path("model").asString()).isEqualTo(TINY);
            assertThat(finding.path("fix").asString()).startsWith("mvn cache:migrate");
        });
        assertThat(Fingerprint.of(hub, path -> false)).isEqualTo(home);
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void whatTheFolderOfOldHoldsIsTold(MavenBuild maven, Workspace workspace) throws Exception {
        prepare(maven, workspace);
        new HubFixture(workspace.file("shared/model-cache"), "acme/tiny").large("model.safetensors", "12345");

        maven.cache("verify").offline().run().succeeded().says("[WARNING] legacy-cache: shared/model-cache/");

        JsonNode finding = Report.read(workspace.file(Report.VERIFY)).finding("legacy-cache");
        assertThat(finding.path("message").asString()).endsWith("it holds 5 B in 1 file, with hf:acme/tiny");
        assertThat(finding.path("fix").asString()).startsWith("mvn cache:migrate");
        assertThat(ids(workspace)).containsExactly("legacy-cache", "model-unpinned");
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aContentThatIsStoredTwiceIsFoundAndReadOnce(MavenBuild maven, Workspace workspace) throws Exception {
        prepare(maven, workspace);
        String content = "w".repeat(1_200_000);
        workspace.write(".cache/models/a.onnx", content).write(".cache/mlx/b.onnx", content);
        Files.createLink(workspace.file(".cache/mlx/linked.onnx"), workspace.file(".cache/mlx/b.onnx"));

        maven.cache("verify")
                .offline()
                .run()
                .succeeded()
                .says("[WARNING] duplicate-content: .cache/mlx/", "have the same content: 1.2 MB wasted");

        JsonNode finding = Report.read(workspace.file(Report.VERIFY)).finding("duplicate-content");
        assertThat(finding.path("actual").asString()).contains("onnx, .cache/models/a.onnx");
        assertThat(finding.path("expected").asString()).startsWith("one copy of sha256:");
        maven.cache("verify").offline().run().succeeded();
        Report again = Report.read(workspace.file(Report.VERIFY));
        assertThat(again.findings("duplicate-content")).hasSize(1);
        assertThat(again.summary("bytesHashed")).isZero();

        Files.delete(workspace.file(".cache/models/a.onnx"));
        verifyFindsOnlyThe(maven, workspace, "model-unpinned");
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aModelThatGitTracksFailsTheBuildUntilItIsTakenOut(MavenBuild maven, Workspace workspace) throws Exception {
        prepare(maven, workspace);
        workspace.git("init", "-q");
        workspace.git("add", "-A");
        workspace.git("add", "-f", ".cache/huggingface");

        maven.cache("verify")
                .offline()
                .run()
                .failedWith("model-in-git: git tracks ", " files of the huggingface cache");

        JsonNode finding = Report.read(workspace.file(Report.VERIFY)).finding("model-in-git");
        assertThat(finding.path("severity").asString()).isEqualTo("error");
        assertThat(finding.path("path").asString()).isEqualTo(".cache/huggingface");
        assertThat(finding.path("fix").asString()).isEqualTo("git rm -r --cached .cache/huggingface, then commit");

        workspace.git("rm", "-r", "-q", "--cached", ".cache/huggingface");
        verifyFindsOnlyThe(maven, workspace, "model-unpinned");
        workspace.write(".git/index", "nonsense");

        maven.cache("verify").offline().run().succeeded().says("[INFO] unverifiable: Whether git tracks cached files");
    }

    /** A project whose one model is in its cache, verified and found good. */
    private static void prepare(MavenBuild maven, Workspace workspace) throws IOException {
        Path origin = workspace.root().resolve("origin");
        workspace
                .write(origin.resolve("config.json"), "{\"hidden\": 4}")
                .write(origin.resolve("model.safetensors"), "w".repeat(10_000))
                .write("pom.xml", Pom.usual().toString())
                .write(Config.FILE, Config.empty().model(TINY).toString());
        try (StandInHub hub = StandInHub.start()) {
            hub.add("acme/tiny", origin);
            maven.cache("init", "download", "verify")
                    .property("cache.endpoint", hub.endpoint().toString())
                    .run()
                    .succeeded();
        }
        assertThat(ids(workspace)).containsExactly("model-unpinned");
    }

    private static void verifyFindsOnlyThe(MavenBuild maven, Workspace workspace, String... ids) {
        maven.cache("verify").offline().run().succeeded();
        assertThat(ids(workspace)).containsExactly(ids);
    }

    private static List<String> ids(Workspace workspace) {
        List<String> ids = new ArrayList<>();
        for (JsonNode finding :
                Report.read(workspace.file(Report.VERIFY)).root().path("findings")) {
            ids.add(finding.path("id").asString());
        }
        return ids;
    }
}
