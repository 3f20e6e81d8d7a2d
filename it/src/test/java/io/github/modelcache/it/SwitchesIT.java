package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.it.project.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.List;

/** Properties that hold goals back. */
class SwitchesIT {

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void skippedGoalsDoNothing(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            Fingerprint before = workspace.fingerprint();

            maven.goals("verify").offline().property("cache.skip", "true").run().succeeded();

            assertThat(workspace.fingerprint()).isEqualTo(before);
            assertThat(workspace.file(Report.VERIFY)).doesNotExist();

            maven.goals("verify")
                    .offline()
                    .property("cache.init.skip", "true")
                    .property("cache.download.skip", "true")
                    .property("cache.verify.skip", "true")
                    .run()
                    .succeeded();

            assertThat(workspace.fingerprint()).isEqualTo(before);
        }
    }

    @MavenBuildTest(on = On.EACH_MAVEN)
    void aMistypedDryRunDeletesNothing(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            maven.cache("init", "download").run().succeeded();
            Fingerprint before = workspace.fingerprint();

            for (String name : List.of("cache.dryrun", "dryRun")) {
                MavenBuild clean = maven.cache("clean").offline().property("cache.scope", "models");
                clean.property(name, "true").run().failedWith("did you mean -Dcache.dryRun?");
            }
            MavenBuild clean = maven.cache("clean").offline().property("cache.scope", "models");
            clean.property("cache.dryRun", "yes").run().failedWith("-Dcache.dryRun is 'yes', expected true or false");

            assertThat(workspace.fingerprint()).isEqualTo(before);
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void eachGoalHasASwitchOfItsOwn(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);

            maven.goals("verify").property("cache.download.skip", "true").run().failedWith("lock-missing");

            assertThat(workspace.file(".cache/CACHEDIR.TAG")).exists();
            assertThat(model.server().requests()).isEmpty();

            Fingerprint before = workspace.fingerprint();
            maven.cache("status", "clean", "lock")
                    .offline()
                    .property("cache.status.skip", "true")
                    .property("cache.clean.skip", "true")
                    .property("cache.lock.skip", "true")
                    .run()
                    .succeeded();
            assertThat(workspace.fingerprint()).isEqualTo(before);
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void theVariableThatSkipsDownloadsIsHeard(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);

            maven.cache("init", "download")
                    .env("SKIP_MODEL_DOWNLOAD", "true")
                    .run()
                    .succeeded()
                    .says("Skipped");

            assertThat(model.server().requests()).isEmpty();
            assertThat(workspace.findAll(".cache", TinyModel.NAME)).isEmpty();
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aDryRunChangesNothing(MavenBuild maven, Workspace workspace) throws IOException {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            workspace
                    .write(
                            Config.FILE,
                            model.config()
                                    .member("application_caches", "{ \"tmdb\": \"out/tmdb_cache\" }")
                                    .toString())
                    .write("out/tmdb_cache/old.json", "{}");
            Files.setLastModifiedTime(workspace.file("out/tmdb_cache/old.json"), FileTime.fromMillis(0));
            Fingerprint before = workspace.fingerprint();

            BuildResult dry = maven.cache("init", "download", "lock", "clean")
                    .property("cache.dryRun", "true")
                    .run()
                    .succeeded();

            assertThat(workspace.fingerprint()).isEqualTo(before);
            assertThat(workspace.findAll("target", "verify.json")).isEmpty();
            assertThat(model.downloads()).as("downloads of content").isEmpty();
            dry.says(TinyModel.NAME, ".cache", "old.json", "cache:download", "cache:clean");
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aDryRunOfCleanAllNamesWhatWouldGoAndLeavesIt(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            maven.goals("verify").run().succeeded();
            Fingerprint before = workspace.fingerprint();

            maven.cache("clean")
                    .offline()
                    .property("cache.scope", "all")
                    .property("cache.dryRun", "true")
                    .run()
                    .succeeded()
                    .says("48 kB");

            assertThat(workspace.fingerprint()).isEqualTo(before);

            maven.cache("clean").offline().property("cache.scope", "all").run().succeeded();

            assertThat(workspace.findAll(".cache", TinyModel.NAME)).isEmpty();
            assertThat(workspace.file("pom.xml")).exists();
            assertThat(workspace.file(Config.FILE)).exists();
            assertThat(workspace.file(Config.LOCK)).exists();
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aFrozenBuildNeedsALockThatCoversEverything(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);

            maven.goals("verify")
                    .property("cache.frozen", "true")
                    .run()
                    .failedWith("models.lock.json", TinyModel.NAME, "cache:lock");

            assertThat(model.server().requests()).isEmpty();
            assertThat(workspace.file(Config.LOCK)).doesNotExist();

            maven.cache("lock").run().succeeded();
            assertThat(workspace.read(Config.LOCK)).contains(model.sha256());

            maven.goals("verify").property("cache.frozen", "true").run().succeeded();
        }
    }
}
