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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** What {@code cache:discover} finds and adds, and what {@code cache:outdated} says without a network. */
class DiscoverIT {

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void declaresWhatTheProgramCertainlyLoads(MavenBuild maven, Workspace workspace) {
        workspace.write("pom.xml", Pom.usual().toString());
        workspace.write("app.py", "model = WhisperModel('base')\nclient = ChatOpenAI(model='gpt-4o')\n");
        String config = "{\n  \"cache\": {\n    \"models\": [\n      \"whisper:tiny\"\n    ]\n  }\n}\n";
        workspace.write(Config.FILE, config);

        String shown = maven.cache("discover").offline().run().succeeded().output();
        assertThat(shown)
                .contains("\"hf:Systran/faster-whisper-base\"  certain", "app.py:1")
                .doesNotContain("gpt-4o");
        assertThat(workspace.read(Config.FILE)).isEqualTo(config);

        maven.cache("discover")
                .property("cache.discover.write", "true")
                .property("cache.dryRun", "true")
                .run()
                .succeeded();
        assertThat(workspace.read(Config.FILE)).isEqualTo(config);

        maven.cache("discover").property("cache.discover.write", "true").run().succeeded();
        assertThat(workspace.read(Config.FILE))
                .isEqualTo(config.replace(
                        "\"whisper:tiny\"", "\"whisper:tiny\",\n      \"hf:Systran/faster-whisper-base\""));
        assertThat(Report.read(workspace.file("target/cache/discover.json"))
                        .root()
                        .path("models")
                        .path(0)
                        .path("line")
                        .asInt())
                .isEqualTo(1);
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void outdatedSendsNoRequestWhenMavenIsOffline(MavenBuild maven, Workspace workspace) {
        workspace.write(Config.FILE, "{\"cache\": {\"models\": []}}");

        assertThat(maven.cache("outdated").offline().run().succeeded().output())
                .contains("0 locked: 0 outdated, 0 up to date, 0 unknown");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void outdatedReadsTheMetadataOfARepository(MavenBuild maven, Workspace workspace) {
        ModelRepository repository = new ModelRepository(workspace.root().resolve("repository"));
        String model = repository.publish(
                ModelJar.usual().add("lang.bin", ModelContent.of(3, 20_000)).bytes());
        String group = model.split(":", -1)[1];
        workspace
                .write("pom.xml", Pom.usual().repository(repository.uri()).toString())
                .write(Config.FILE, Config.empty().model(model).toString())
                .write(repository.folder().resolve(group.replace('.', '/') + "/tiny/maven-metadata.xml"), """
                    <metadata><groupId>%s</groupId><artifactId>tiny</artifactId><versioning><release>1.10</release>
                    <versions><version>1</version><version>1.9</version><version>1.10</version></versions>
                    </versioning></metadata>
                    """.formatted(
                                group));
        maven.cache("lock").run().succeeded();

        maven.cache("outdated").run().succeeded().says("1 locked: 1 outdated", model, "1 -> 1.10");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void outdatedSeesWhatWasDeployedAMomentAgo(MavenBuild maven, Workspace workspace) throws IOException {
        Path repository = Files.createDirectories(workspace.root().resolve("repository"));
        String group = "org.example.g" + UUID.randomUUID().toString().replace("-", "");
        String released = "maven:" + group + ":lang:1.0";
        String snapshot = "maven:" + group + ":nightly:1.0-SNAPSHOT";
        workspace
                .write("pom.xml", Pom.usual().repository(repository.toUri()).toString())
                .write(
                        Config.FILE,
                        Config.empty().model(released).model(snapshot).toString());
        deploy(maven, workspace, repository, released);
        deploy(maven, workspace, repository, snapshot);
        maven.cache("lock").run().succeeded();
        maven.cache("outdated").run().succeeded().says("2 locked: 0 outdated, 2 up to date");

        for (String version : List.of("1.9", "1.10", "2.0-alpha-1", "1.11-SNAPSHOT")) {
            deploy(maven, workspace, repository, "maven:" + group + ":lang:" + version);
        }
        deploy(maven, workspace, repository, snapshot);

        maven.cache("outdated").run().succeeded().says("2 locked: 2 outdated", "1.0 -> 1.10", "-2");
        maven.cache("lock").property("cache.update", snapshot).run().succeeded();
        maven.cache("outdated").run().succeeded().says("2 locked: 1 outdated, 1 up to date");
    }

    /** Publishes a model as its publishers do, into a repository that only this build knows. */
    private static void deploy(MavenBuild maven, Workspace workspace, Path repository, String model)
            throws IOException {
        String[] coordinates = model.split(":", -1);
        byte[] content = ModelContent.of(model.hashCode(), 20_000);
        Path jar = Files.write(
                workspace.root().resolve("model.jar"),
                ModelJar.usual().add("model.bin", content).bytes());
        maven.online()
                .in(workspace.home())
                .goals("org.apache.maven.plugins:maven-deploy-plugin:" + BuildSettings.versionOf("deployPlugin")
                        + ":deploy-file")
                .property("file", jar.toString())
                .property("url", repository.toUri().toString())
                .property("repositoryId", "models")
                .property("groupId", coordinates[1])
                .property("artifactId", coordinates[2])
                .property("version", coordinates[3])
                .property("packaging", "jar")
                .run()
                .succeeded();
    }
}
