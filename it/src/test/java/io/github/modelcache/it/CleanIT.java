package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.it.project.TinyModel;

/** What cleaning takes, and what it leaves. */
class CleanIT {

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void takesWhatIsNotInTheLockAndNothingElse(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            maven.goals("verify").run().succeeded();
            workspace.write(".cache/torch/hub/checkpoints/other.pth", "nobody's");
            Fingerprint before = workspace.fingerprint();

            MavenBuild unused = maven.cache("clean").offline().property("cache.scope", "unused");
            unused.property("cache.dryRun", "true").run().succeeded().says("other.pth", "-Dcache.scope=unused");
            assertThat(workspace.fingerprint()).isEqualTo(before);

            unused.run().succeeded().says("Freed 8 B");

            assertThat(workspace.file(".cache/torch/hub/checkpoints/other.pth")).doesNotExist();
            assertThat(workspace.find(".cache", TinyModel.NAME)).hasBinaryContent(model.content());
            maven.cache("verify").offline().run().succeeded();
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void statusTellsWhatEachScopeFrees(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            maven.goals("verify").run().succeeded();
            workspace.write(".cache/torch/hub/checkpoints/other.pth", "nobody's");

            maven.cache("status").offline().run().succeeded().says("unused");

            Report report = Report.read(workspace.file("target/cache/status.json"));
            assertThat(report.root().path("clean").toString())
                    .contains("{\"scope\":\"unused\",\"bytes\":8}")
                    .contains("{\"scope\":\"metadata\",\"bytes\":0}");
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void refusesWhatItDoesNotUnderstand(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            maven.goals("verify").run().succeeded();
            Fingerprint before = workspace.fingerprint();
            maven.cache("clean")
                    .property("cache.scope", "everything")
                    .run()
                    .failedWith("cache.scope is 'everything'", "stale, unused, metadata, models, all");
            maven.cache("clean")
                    .property("cache.scope", "models")
                    .property("cache.keepSize", "-1")
                    .run()
                    .failedWith("cache.keepSize is '-1'", "10GB");
            maven.cache("clean")
                    .property("cache.scope", "models")
                    .property("cache.olderThan", "abc")
                    .run()
                    .failedWith("cache.olderThan is 'abc'", "30d");
            assertThat(workspace.fingerprint()).isEqualTo(before);
        }
    }
}
