package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

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
}
