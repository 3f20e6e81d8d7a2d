package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Pom;
import io.github.modelcache.it.project.TinyModel;
import java.util.List;

/** Configs and locks that can't be. */
class BadConfigIT {

    private static final List<String> GOALS = List.of("init", "download", "lock", "verify", "status", "clean");

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void everyGoalNamesFileLineAndColumnOfBrokenJson(MavenBuild maven, Workspace workspace) {
        workspace
                .write("pom.xml", Pom.usual().toString())
                .write(Config.FILE, "{\n  \"version\": \"1.0.0\",\n  \"cache\": { \"models\": [ oops ] }\n}\n");
        Fingerprint before = workspace.fingerprint();
        for (String goal : GOALS) {
            maven.cache(goal).offline().run().failedWith("hardware_cache.json:3:");
            assertThat(workspace.fingerprint()).as("after %s", goal).isEqualTo(before);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aCacheThatIsAnArrayIsNamed(MavenBuild maven, Workspace workspace) {
        workspace.write(Config.FILE, "{\n  \"cache\": []\n}\n");
        maven.cache("init").offline().run().failedWith("hardware_cache.json", "cache", "array", "object");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aTargetOutsideTheCacheIsRefused(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            workspace.write(
                    Config.FILE,
                    Config.empty()
                            .url(model.server().uri("/" + TinyModel.NAME), model.sha256(), "../../evil.bin")
                            .toString());

            maven.cache("init", "download").run().failedWith("../../evil.bin");

            assertThat(model.server().requests()).isEmpty();
            assertThat(workspace.file("evil.bin")).doesNotExist();
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void locksThatAreTruncatedEditedOrNewerAreRefusedAndKept(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            maven.goals("verify").run().succeeded();
            String lock = workspace.read(Config.LOCK);

            workspace.write(Config.LOCK, lock.substring(0, lock.length() / 2));
            for (String goal : List.of("download", "verify", "lock")) {
                maven.cache(goal).offline().run().failedWith("models.lock.json");
                assertThat(workspace.read(Config.LOCK)).hasSize(lock.length() / 2);
            }

            workspace.write(Config.LOCK, lock.replace("\"schemaVersion\": 1", "\"schemaVersion\": 99"));
            maven.cache("download").offline().run().failedWith("models.lock.json", "99");

            workspace.write(Config.LOCK, lock.replace("\"size\": 48000", "\"size\": \"many\""));
            maven.cache("download").offline().run().failedWith("models.lock.json:", "size");

            workspace.write(Config.LOCK, lock.replace("vad/vad.bin", "../vad.bin"));
            maven.cache("download").offline().run().failedWith("models.lock.json", "../vad.bin");
        }
    }
}
