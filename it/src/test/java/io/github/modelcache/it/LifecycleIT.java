package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.ModelContent;
import io.github.modelcache.it.project.ModelJar;
import io.github.modelcache.it.project.ModelRepository;
import io.github.modelcache.it.project.Pom;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.it.project.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** A project's builds, one after the other, with what happens to a cache in between. */
class LifecycleIT {

    @MavenBuildTest(on = On.EACH_MAVEN)
    void aSecondBuildIsANoOp(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            ModelRepository repository = new ModelRepository(workspace.root().resolve("repository"));
            byte[] jar =
                    ModelJar.usual().add("lang.bin", ModelContent.of(3, 20_000)).bytes();
            workspace
                    .write("pom.xml", Pom.usual().repository(repository.uri()).toString())
                    .write(
                            Config.FILE,
                            model.config().model(repository.publish(jar)).toString());
            maven.goals("verify").run().succeeded();
            assertThat(workspace.find(".cache", "lang.bin")).hasBinaryContent(ModelContent.of(3, 20_000));
            assertThat(workspace.findAll(".cache", "Model.class")).isEmpty();
            assertThat(model.downloads()).hasSize(1);
            int requests = model.server().requests().size();
            Fingerprint before = workspace.fingerprint();

            BuildResult second = maven.goals("verify").run().succeeded();

            assertThat(model.server().requests()).hasSize(requests);
            assertThat(workspace.fingerprint()).isEqualTo(before);
            Report report = Report.read(workspace.file(Report.VERIFY));
            assertThat(report.summary("bytesHashed")).isZero();
            assertThat(report.summary("bytesReused"))
                    .isEqualTo(report.summary("bytes"))
                    .isPositive();
            assertThat(second.linesOf("init")).as("init on %s", second).hasSizeLessThanOrEqualTo(1);
            assertThat(second.linesOf("download")).as("download on %s", second).hasSize(1);
            assertThat(second.linesOf("verify")).as("verify on %s", second).hasSize(1);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aFlippedByteFailsVerifyAndDownloadRepairsIt(MavenBuild maven, Workspace workspace) throws IOException {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            maven.goals("verify").run().succeeded();
            Path cached = workspace.find(".cache", TinyModel.NAME);
            byte[] flipped = ModelContent.flipped(model.content());
            Files.write(cached, flipped);

            maven.cache("verify").offline().run().failedWith("model-corrupt", TinyModel.NAME);

            Report report = Report.read(workspace.file(Report.VERIFY));
            assertThat(report.result()).isEqualTo("failed");
            JsonNode finding = report.finding("model-corrupt");
            assertThat(finding.path("severity").asString()).isEqualTo("error");
            assertThat(finding.path("path").asString()).startsWith(".cache/").endsWith(TinyModel.NAME);
            assertThat(finding.path("expected").asString()).isEqualTo("sha256:" + model.sha256());
            assertThat(finding.path("actual").asString()).isEqualTo("sha256:" + ModelContent.sha256(flipped));
            assertThat(finding.path("fix").asString()).contains("download");
            assertThat(cached).hasBinaryContent(flipped);

            maven.goals("verify").run().succeeded();

            assertThat(cached).hasBinaryContent(model.content());
            assertThat(model.downloads()).hasSize(2);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aDeletedModelIsMissingUntilDownloadBringsItBack(MavenBuild maven, Workspace workspace) throws IOException {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            maven.goals("verify").run().succeeded();
            Path cached = workspace.find(".cache", TinyModel.NAME);
            Files.delete(cached);

            maven.cache("verify").offline().run().failedWith("model-missing", TinyModel.NAME);

            assertThat(Report.read(workspace.file(Report.VERIFY))
                            .finding("model-missing")
                            .path("model")
                            .asString())
                    .isEqualTo("url:" + model.server().uri("/" + TinyModel.NAME));
            assertThat(cached).doesNotExist();

            maven.goals("verify").run().succeeded();

            assertThat(cached).hasBinaryContent(model.content());
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aForeignFileInTheCacheIsLeftAlone(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            maven.goals("verify").run().succeeded();
            workspace
                    .write(".cache/notes.txt", "mine")
                    .write(".cache/models/mine/weights.bin", "mine too")
                    .write(".cache/torch/hub/checkpoints/mine.pt", "and mine");
            Fingerprint before = withoutReports(workspace);

            maven.goals("verify").cache("clean").run().succeeded();

            assertThat(withoutReports(workspace)).isEqualTo(before);
        }
    }

    /** The history of sizes has a new line, because the files count. */
    private static Fingerprint withoutReports(Workspace workspace) {
        return Fingerprint.of(
                workspace.project(),
                path -> path.endsWith("target") || path.endsWith(".cache/.modelcache/sizes.jsonl"));
    }
}
