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
import io.github.modelcache.it.project.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Builds with {@code -o}. */
class OfflineIT {

    @MavenBuildTest(on = On.EACH_MAVEN)
    void aColdCacheSaysWhatIsMissingAndAWarmOneIsEnough(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            ModelRepository repository = new ModelRepository(workspace.root().resolve("repository"));
            byte[] jar =
                    ModelJar.usual().add("lang.bin", ModelContent.of(3, 20_000)).bytes();
            String reference = repository.publish(jar);
            workspace
                    .write("pom.xml", Pom.usual().repository(repository.uri()).toString())
                    .write(Config.FILE, model.config().model(reference).toString());

            maven.goals("verify")
                    .offline()
                    .run()
                    .failedWith(reference, "url:" + model.server().uri("/" + TinyModel.NAME));
            assertThat(model.server().requests()).isEmpty();

            maven.goals("verify").run().succeeded();
            int requests = model.server().requests().size();

            maven.goals("verify").offline().run().succeeded();
            assertThat(model.server().requests()).hasSize(requests);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aPullFromARegistryReadsNoOtherSource(MavenBuild maven, Workspace workspace) throws Exception {
        byte[] content = ModelContent.of(3, 20_000);
        Path weights = Files.write(workspace.root().resolve("weights.bin"), content);
        workspace.write(
                Config.FILE,
                Config.empty()
                        .url(weights.toUri(), ModelContent.sha256(content), "m/weights.bin")
                        .toString());
        maven.cache("init", "lock").run().succeeded();
        Files.deleteIfExists(workspace.file(".cache/models/m/weights.bin"));

        maven.cache("pull")
                .offline()
                .property("cache.registry", "127.0.0.1:9/models")
                .run()
                .failedWith("the registry 127.0.0.1:9/models is not asked because Maven is offline (-o)");
        assertThat(workspace.file(".cache/models/m/weights.bin")).doesNotExist();
    }

    @MavenBuildTest(on = On.EACH_MAVEN)
    void namesTheNativeLibraryThatAnEngineOfAStarterWouldDownload(MavenBuild maven, Workspace workspace) {
        ModelRepository repository = new ModelRepository(workspace.root().resolve("repository"));
        repository.publish("ai.djl.pytorch", "pytorch-engine", "");
        repository.publish("com.example", "starter", dependency("ai.djl.pytorch", "pytorch-engine"));
        Pom pom = Pom.withGoals("init").repository(repository.uri());
        workspace
                .write("pom.xml", with(pom, dependency("com.example", "starter")))
                .write(Config.FILE, Config.empty().toString());
        MavenBuild frozen = maven.goals("initialize").property("cache.frozen", "true");

        frozen.run()
                .succeeded()
                .says("ai.djl.pytorch:pytorch-engine, a dependency of com.example:starter, downloads a native library");

        workspace.write("pom.xml", with(pom, dependency("com.example.absent", "starter")));
        frozen.run().succeeded().neverSays("native library");
    }

    private static String with(Pom pom, String dependencies) {
        return pom.toString().replaceFirst("<build>", "<dependencies>" + dependencies + "</dependencies>\n  <build>");
    }

    private static String dependency(String group, String artifact) {
        return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>"
                .formatted(group, artifact, ModelRepository.VERSION);
    }
}
