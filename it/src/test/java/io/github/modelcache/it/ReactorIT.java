package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Pom;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.it.project.TinyModel;
import java.nio.file.Path;
import java.util.List;

/** Builds of several modules. */
class ReactorIT {

    @MavenBuildTest(on = On.EACH_MAVEN)
    void parallelModulesShareOneRunOfEachGoalAndAllGetTheEnvironment(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            Pom pom = Pom.usual().modules("first", "second", "third").filteringResources();
            workspace
                    .write("pom.xml", pom.toString())
                    .write(Config.FILE, model.config().toString());
            List<String> modules = List.of("first", "second", "third");
            for (String module : modules) {
                workspace
                        .write(module + "/pom.xml", Pom.module(module))
                        .write(module + "/src/main/resources/env.properties", "home=${cache.env.HF_HOME}\n");
            }

            BuildResult build = maven.goals("verify").with("-T", "2").run().succeeded();

            assertThat(model.downloads()).hasSize(1);
            for (String module : modules) {
                Path home = workspace.file(".cache/huggingface");
                assertThat(workspace.file(module + "/target/classes/env.properties"))
                        .hasContent("home=" + home);
                assertThat(workspace.file(module + "/.cache")).doesNotExist();
                assertThat(workspace.file(module + "/target/cache")).doesNotExist();
            }
            assertThat(Report.read(workspace.file(Report.VERIFY)).summary("files"))
                    .isEqualTo(1);
            assertThat(build.lines().stream()
                            .filter(line -> line.contains("1 model"))
                            .distinct())
                    .as("lines about the model in %s", build)
                    .hasSameSizeAs(build.lines().stream()
                            .filter(line -> line.contains("1 model"))
                            .toList());
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aGoalThatModulesConfigureEachInItsOwnWayIsRunForEach(MavenBuild maven, Workspace workspace) {
        workspace
                .write("pom.xml", Pom.withGoals("init").modules("asr", "mux").toString())
                .write("asr/pom.xml", Pom.module("asr", "env", "<output>asr.sh</output>"))
                .write("mux/pom.xml", Pom.module("mux", "env", "<output>mux.sh</output>"));

        maven.goals("verify").run().succeeded();

        assertThat(workspace.file("asr.sh")).isNotEmptyFile().hasSameTextualContentAs(workspace.file("mux.sh"));
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aBuildOfOneModuleWorksOnTheRoot(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            workspace
                    .write("pom.xml", Pom.usual().modules("first").toString())
                    .write("first/pom.xml", Pom.module("first"))
                    .write(".mvn/maven.config", "")
                    .write(Config.FILE, model.config().toString());

            maven.in(workspace.file("first")).goals("verify").run().succeeded();

            assertThat(workspace.find(".cache", TinyModel.NAME)).hasBinaryContent(model.content());
            assertThat(workspace.file("first/.cache")).doesNotExist();
        }
    }
}
