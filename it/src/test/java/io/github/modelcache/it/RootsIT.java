package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildSettings;
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
import java.nio.file.Files;
import java.util.List;

/** Reactors whose modules are projects of their own, and the folders that they share. */
class RootsIT {

    @MavenBuildTest(on = On.EACH_MAVEN)
    void eachServiceOfAnAggregatorHasItsOwnCache(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            workspace.write("pom.xml", aggregator("a", "b", "none"));
            for (String service : List.of("a", "b")) {
                workspace
                        .write(service + "/pom.xml", service(service))
                        .write(service + "/" + Config.FILE, model.config().toString());
            }
            workspace.write("none/pom.xml", service("none"));

            maven.goals("clean", "verify")
                    .run()
                    .succeeded()
                    .says("there is no config/hardware_cache.json in this module or above it, only in other modules");

            for (String service : List.of("a", "b")) {
                assertThat(workspace.find(service + "/.cache", TinyModel.NAME)).hasBinaryContent(model.content());
                assertThat(Report.read(workspace.file(service + "/" + Report.VERIFY))
                                .summary("files"))
                        .isEqualTo(1);
            }
            assertThat(workspace.file(Config.FILE)).doesNotExist();
            assertThat(workspace.file("none/config")).doesNotExist();
            assertThat(workspace.file(".cache")).doesNotExist();
        }
    }

    @MavenBuildTest(on = On.EACH_MAVEN)
    void aGoalThatIsTypedAtAnAggregatorDoesAllItsServices(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            workspace.write("pom.xml", aggregator("a", "b"));
            for (String service : List.of("a", "b")) {
                workspace
                        .write(service + "/pom.xml", service(service))
                        .write(service + "/" + Config.FILE, model.config().toString());
            }

            maven.cache("download", "verify").run().succeeded();

            for (String service : List.of("a", "b")) {
                assertThat(workspace.find(service + "/.cache", TinyModel.NAME)).hasBinaryContent(model.content());
                assertThat(workspace.file(service + "/" + Report.VERIFY)).exists();
            }
        }
    }

    @MavenBuildTest(on = On.EACH_MAVEN)
    void modulesThatNameTheirOwnConfigAreBothDone(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            workspace.write("pom.xml", Pom.withGoals().modules("a", "b").toString());
            for (String module : List.of("a", "b")) {
                workspace
                        .write(
                                module + "/pom.xml",
                                Pom.module(module, "download", "<config>" + module + "/" + Config.FILE + "</config>"))
                        .write(
                                module + "/" + Config.FILE,
                                Config.empty()
                                        .url(model.server().uri("/" + TinyModel.NAME), module + ".bin")
                                        .toString());
            }

            maven.goals("package").run().succeeded();

            assertThat(workspace.find(".cache", "a.bin")).hasBinaryContent(model.content());
            assertThat(workspace.find(".cache", "b.bin")).hasBinaryContent(model.content());
            assertThat(workspace.file("a/" + Config.LOCK)).exists();
            assertThat(workspace.file("b/" + Config.LOCK)).exists();
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aReportSurvivesTheCleanOfAnAggregatorThatIsBuiltLast(MavenBuild maven, Workspace workspace) {
        workspace
                .write("pom.xml", aggregator("a"))
                .write("a/pom.xml", service("a"))
                .write(Config.FILE, Config.empty().toString());

        for (int time = 0; time < 2; time++) {
            maven.goals("clean", "verify").run().succeeded().neverSays("is not used");

            assertThat(Report.read(workspace.file(Report.VERIFY)).summary("errors"))
                    .isZero();
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aFrozenBuildWithoutAConfigFailsAndMakesNone(MavenBuild maven, Workspace workspace) {
        workspace.write("pom.xml", Pom.usual().toString());

        maven.goals("verify")
                .property("cache.frozen", "true")
                .run()
                .failedWith("config/hardware_cache.json is missing, and cache.frozen=true creates no file");

        assertThat(workspace.file("config")).doesNotExist();
        assertThat(workspace.file(".cache")).doesNotExist();
        assertThat(workspace.file(".gitignore")).doesNotExist();
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aModelComesFromTheRepositoryOfAnotherModule(MavenBuild maven, Workspace workspace) {
        ModelRepository repository = new ModelRepository(workspace.root().resolve("repository"));
        byte[] model = ModelContent.of(3, 20_000);
        String reference =
                repository.publish(ModelJar.usual().add("lang.bin", model).bytes());
        workspace
                .write("pom.xml", aggregator("a", "b"))
                .write("a/pom.xml", service("a"))
                .write(
                        "b/pom.xml",
                        named("b", Pom.usual().repository(repository.uri()).toString()))
                .write(Config.FILE, Config.empty().model(reference).toString());

        maven.goals("verify").run().succeeded();

        assertThat(workspace.find(".cache", "lang.bin")).hasBinaryContent(model);
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aCacheBelowTargetIsAWarning(MavenBuild maven, Workspace workspace) {
        workspace
                .write("pom.xml", Pom.usual().toString())
                .write(
                        Config.FILE,
                        Config.empty().member("base_dir", "\"target/models\"").toString());

        maven.goals("verify")
                .run()
                .succeeded()
                .says("The cache target/models is inside target, which mvn clean deletes");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aConfigThatNothingUsesIsAWarning(MavenBuild maven, Workspace workspace) {
        workspace
                .write("pom.xml", aggregator("a", "b"))
                .write("a/pom.xml", service("a"))
                .write("a/" + Config.FILE, Config.empty().toString())
                .write("b/pom.xml", named("b", aggregator()))
                .write("b/" + Config.FILE, Config.empty().toString());

        maven.goals("verify").run().succeeded().says("b/config/hardware_cache.json is not used");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void anotherMachineChangesNoConfigThatGitTracks(MavenBuild maven, Workspace workspace) throws Exception {
        workspace
                .write("pom.xml", Pom.usual().filteringResources().toString())
                .write("src/main/resources/machine.txt", "${cache.hardware.platform}");
        maven.goals("initialize").run().succeeded();
        String config = Files.readString(workspace.file(Config.FILE))
                .replaceFirst("\"platform\": \"[a-z]+\"", "\"platform\": \"plan9\"");
        workspace.write(Config.FILE, config);
        workspace.git("init", "-q");
        workspace.git("add", Config.FILE);

        maven.goals("verify").run().succeeded().neverSays("hardware-stale");

        assertThat(workspace.file(Config.FILE)).hasContent(config).content().contains("plan9");
        assertThat(workspace.file(".cache/.modelcache/hardware.json")).content().contains("\"platform\"");
        assertThat(workspace.file("target/classes/machine.txt")).content().doesNotContain("cache.hardware");
    }

    private static String service(String name) {
        return named(name, Pom.usual().toString());
    }

    private static String named(String name, String pom) {
        return pom.replaceFirst("<artifactId>[a-z]+</artifactId>", "<artifactId>" + name + "</artifactId>");
    }

    private static String aggregator(String... modules) {
        StringBuilder text =
                new StringBuilder("<project><modelVersion>4.0.0</modelVersion><groupId>org.example</groupId>"
                        + "<artifactId>all</artifactId><version>1</version><packaging>pom</packaging><modules>");
        for (String module : modules) {
            text.append("<module>").append(module).append("</module>");
        }
        return text.append("</modules><build><plugins><plugin><artifactId>maven-clean-plugin</artifactId><version>")
                .append(BuildSettings.versionOf("cleanPlugin"))
                .append("</version></plugin></plugins></build></project>")
                .toString();
    }
}
