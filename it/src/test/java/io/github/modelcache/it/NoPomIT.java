package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.it.project.TinyModel;

/** A folder without a POM, as a Python project has. */
class NoPomIT {

    @MavenBuildTest(on = On.EACH_MAVEN)
    void everyGoalWorksInAFolderWithoutAPom(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            workspace.write(Config.FILE, model.config().toString());

            maven.cache("init", "download", "verify", "status", "clean").run().succeeded();

            assertThat(workspace.find(".cache", TinyModel.NAME)).hasBinaryContent(model.content());
            assertThat(Report.read(workspace.file(".cache/reports/verify.json")).summary("errors"))
                    .isZero();
            assertThat(Report.read(workspace.file(".cache/reports/status.json"))
                            .root()
                            .path("totals")
                            .path("models")
                            .asLong())
                    .isEqualTo(1);
            assertThat(workspace.file("target")).doesNotExist();
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void statusOfAnEmptyFolderChangesNothing(MavenBuild maven, Workspace workspace) {
        maven.cache("status").offline().run().succeeded();

        assertThat(workspace.project()).isEmptyDirectory();
    }
}
