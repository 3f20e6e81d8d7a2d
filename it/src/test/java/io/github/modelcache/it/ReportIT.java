package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.it.project.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/** The report, and JSON of goals, in a whole build. */
class ReportIT {

    private static final String PAGE = "target/cache/report.html";
    private static final String HISTORY = ".cache/.modelcache/sizes.jsonl";

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void thePageHasTheModelItsFindingAndItsHistory(MavenBuild maven, Workspace workspace) throws IOException {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            maven.cache("init", "download", "report")
                    .run()
                    .succeeded()
                    .neverSays("Downloaded from", "Downloading from");
            assertThat(workspace.read(PAGE))
                    .contains("<th scope=row>url:", TinyModel.NAME, "48 kB", "Nothing to fix")
                    .contains("mvn cache:clean");

            byte[] wrong = new byte[TinyModel.SIZE];
            Arrays.fill(wrong, (byte) 7);
            Files.write(workspace.find(".cache/models", TinyModel.NAME), wrong);
            Path history = workspace.file(HISTORY);
            Files.writeString(history, Files.readString(history) + "{ damaged\n");
            maven.cache("report").run().succeeded().says("sizes.jsonl has 1 line that can't be read");
            assertThat(workspace.read(PAGE)).contains("model-corrupt").contains("can&#39;t be read");
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void jsonIsAllThatQuietGoalsPrint(MavenBuild maven, Workspace workspace) throws IOException {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            maven.cache("init", "download").run().succeeded();
            assertThat(json(maven, workspace, "verify").path("result").asString())
                    .isEqualTo("passed");

            Fingerprint before = workspace.fingerprint();
            MavenBuild plan = maven.property("cache.scope", "models").property("cache.dryRun", "true");
            assertThat(json(plan, workspace, "clean").path("actions").size()).isOne();
            assertThat(workspace.fingerprint()).isEqualTo(before);
            assertThat(json(maven, workspace, "migrate").path("actions").size()).isZero();
        }
    }

    private static JsonNode json(MavenBuild maven, Workspace workspace, String goal) throws IOException {
        String printed = maven.cache(goal)
                .with("-q")
                .property("cache.format", "json")
                .run()
                .succeeded()
                .output();
        Path file = Files.writeString(workspace.root().resolve(goal + ".json"), printed);
        return Report.read(file).root();
    }
}
