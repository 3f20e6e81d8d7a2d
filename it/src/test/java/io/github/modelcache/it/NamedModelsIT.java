package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.JavaProject;
import io.github.modelcache.it.project.TinyModel;
import io.github.modelcache.testing.StandInHub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** A Java program finds its models by name: the goals {@code generate} and {@code copy}, and {@code layout}. */
class NamedModelsIT {

    private static final String VAD = "VAD has  of " + TinyModel.SIZE + " bytes";
    private static final String CLASS = "CLASS has config.json of 2 bytes\nCLASS has onnx/model.onnx of 7 bytes";

    /** A model of one file, and one of a hub whose name is a word of Java. */
    private static Config config(TinyModel tiny) {
        return tiny.config().declared("{\"model\": \"hf:acme/tiny\", \"name\": \"class\", \"layout\": \"jlama\"}");
    }

    private static MavenBuild on(MavenBuild maven, StandInHub hub) {
        return maven.property("cache.endpoint", hub.endpoint().toString());
    }

    private static StandInHub hub(Workspace workspace) throws Exception {
        Path origin = workspace.root().resolve("origin");
        workspace.write(origin.resolve("config.json"), "{}").write(origin.resolve("onnx/model.onnx"), "weights");
        StandInHub hub = StandInHub.start();
        hub.add("acme/tiny", origin);
        return hub;
    }

    @Nested
    class AProgram {

        @MavenBuildTest(on = On.EACH_MAVEN)
        void findsItsModelsInTheProjectInItsJarAndBesideIt(MavenBuild maven, Workspace workspace) throws Exception {
            Path elsewhere = Files.createDirectories(workspace.root().resolve("elsewhere"));
            try (TinyModel tiny = TinyModel.start();
                    StandInHub hub = hub(workspace)) {
                JavaProject.usual()
                        .copying("<models>class</models>")
                        .copying("<models>vad.bin</models><to>${project.build.directory}/image/models</to>")
                        .into(workspace)
                        .write(Config.FILE, config(tiny).toString());
                on(maven, hub).goals("package").run().succeeded();
            }
            String inTheProject = JavaProject.output(workspace.file("target/classes"), elsewhere);
            assertThat(inTheProject).contains(VAD.replace("VAD", "VAD_BIN"), CLASS);
            assertThat(inTheProject).contains("CLASS " + workspace.file("target/classes/models/class"));

            Path app = Files.move(workspace.file("target/image"), elsewhere.resolve("app"));
            Path jar = Files.move(
                    workspace.file(JavaProject.JAR),
                    Files.createDirectory(app.resolve("lib")).resolve("app.jar"));
            Files.move(workspace.project(), workspace.root().resolve("gone"));
            assertThat(JavaProject.output(jar, elsewhere))
                    .contains("VAD_BIN " + app.resolve("models/vad.bin"), VAD.replace("VAD", "VAD_BIN"), CLASS);
        }

        @MavenBuildTest(on = On.THE_USUAL_PAIR)
        void isToldWhichModelVanishedSinceTheBuild(MavenBuild maven, Workspace workspace) throws Exception {
            try (TinyModel tiny = TinyModel.start()) {
                JavaProject.usual()
                        .into(workspace)
                        .write(Config.FILE, tiny.config().toString());
                maven.goals("compile").run().succeeded();
            }
            Files.delete(workspace.find(".cache", TinyModel.NAME));

            assertThat(JavaProject.output(workspace.file("target/classes"), workspace.root()))
                    .contains("The model 'vad.bin' (url:http", "is missing. Run \"mvn cache:download\"")
                    .contains(workspace.file(".cache").toString());
        }

        /** As with a plugin that forks the lifecycle. */
        @MavenBuildTest(on = On.THE_USUAL_PAIR)
        void isCompiledTwiceInOneBuild(MavenBuild maven, Workspace workspace) {
            try (TinyModel tiny = TinyModel.start()) {
                JavaProject.usual()
                        .into(workspace)
                        .write(Config.FILE, tiny.config().toString());
                maven.goals("clean", "compile", "clean", "compile").run().succeeded();
                assertThat(tiny.downloads()).hasSize(1);
            }
        }

        @MavenBuildTest(on = On.THE_USUAL_PAIR)
        void isBuiltFromTheSameBytesAgain(MavenBuild maven, Workspace workspace) throws Exception {
            try (TinyModel tiny = TinyModel.start();
                    StandInHub hub = hub(workspace)) {
                JavaProject.usual()
                        .copying("")
                        .into(workspace)
                        .write(Config.FILE, config(tiny).toString());
                on(maven, hub).cache("init", "lock").run().succeeded();
                on(maven, hub).goals("package").run().succeeded().says("Generated", "Copied 2 models");
            }
            Fingerprint first = Fingerprint.of(workspace.file("target/classes"), path -> false);

            BuildResult second = maven.goals("package").run().succeeded();

            assertThat(second.linesOf("generate")).isEmpty();
            assertThat(second.linesOf("copy")).isEmpty();
            assertThat(Fingerprint.of(workspace.file("target/classes"), path -> false))
                    .isEqualTo(first);
        }

        @MavenBuildTest(on = On.THE_USUAL_PAIR)
        void findsAModelByTheNameThatItsLibraryLooksFor(MavenBuild maven, Workspace workspace) throws Exception {
            try (TinyModel tiny = TinyModel.start();
                    StandInHub hub = hub(workspace)) {
                JavaProject.usual()
                        .into(workspace)
                        .write(Config.FILE, config(tiny).toString());
                on(maven, hub).goals("compile").run().succeeded();
            }
            Path weights = workspace.find(".cache/models", "model.onnx");
            assertThat(weights).hasContent("weights");
            assertThat(Files.getAttribute(weights, "unix:nlink")).isEqualTo(2);
            assertThat(workspace.read("target/models.properties"))
                    .contains("cache.layout.jlama=", "cache.model.class=", "cache.model.vad.bin=");
            maven.cache("verify").offline().run().succeeded();
        }
    }

    @Nested
    class BadInput {

        private void isRefused(MavenBuild maven, Workspace workspace, List<String> models, String... texts) {
            Config config = Config.empty();
            for (String model : models) {
                config = config.declared(model);
            }
            JavaProject.usual().into(workspace).write(Config.FILE, config.toString());
            maven.goals("generate-sources").offline().run().failedWith(texts);
            assertThat(workspace.file("target/generated-sources")).doesNotExist();
        }

        @MavenBuildTest(on = On.THE_USUAL_PAIR)
        void namesBothModelsThatWouldShareAName(MavenBuild maven, Workspace workspace) {
            isRefused(
                    maven,
                    workspace,
                    List.of("\"hf:acme/tiny\"", "\"hf:other/Tiny\""),
                    "hf:acme/tiny and hf:other/Tiny have the same name",
                    "\"name\": \"Tiny-2\"");
            isRefused(
                    maven,
                    workspace,
                    List.of("\"hf:acme/a.b\"", "\"hf:acme/a-b\""),
                    "hf:acme/a.b and hf:acme/a-b would both be the constant A_B",
                    "another \"name\"");
        }

        @MavenBuildTest(on = On.THE_USUAL_PAIR)
        void namesWhatIsNoClassOfJava(MavenBuild maven, Workspace workspace) {
            JavaProject.usual()
                    .into(workspace)
                    .write(Config.FILE, Config.empty().model("hf:acme/tiny").toString());
            MavenBuild generate = maven.goals("generate-sources").offline();
            generate.property("cache.generate.className", "enum").run().failedWith("className is 'enum'", "Models");
            generate.property("cache.generate.package", "com.class").run().failedWith("package is 'com.class'");
            assertThat(workspace.file("target/generated-sources")).doesNotExist();
        }

        @MavenBuildTest(on = On.THE_USUAL_PAIR)
        void isRefusedBeforeACopyWritesAnything(MavenBuild maven, Workspace workspace) throws Exception {
            Path own = workspace.file("target/classes/models/vad.bin/vad.bin");
            try (TinyModel tiny = TinyModel.start()) {
                JavaProject.usual()
                        .into(workspace)
                        .write("src/main/resources/models/vad.bin/vad.bin", "ours")
                        .write(Config.FILE, tiny.config().toString());
                maven.goals("compile").run().succeeded();
            }
            MavenBuild copy = maven.cache("copy").offline();
            Fingerprint before = workspace.fingerprint();

            copy.run().failedWith(own + " is there already with other content", "cache.copy.to");
            copy.property("cache.copy.to", "../elsewhere")
                    .run()
                    .failedWith("outside of the project", "cache.copy.outside");
            copy.property("cache.copy.to", ".cache/copied").run().failedWith("it is in the cache");
            copy.property("cache.copy.to", ".").run().failedWith("it contains the cache");
            copy.property("cache.copy.models", "vad").run().failedWith("'vad'", "the declared models are: vad.bin");

            assertThat(own).hasContent("ours");
            assertThat(workspace.root().resolve("elsewhere")).doesNotExist();
            assertThat(workspace.fingerprint()).isEqualTo(before);
        }

        @MavenBuildTest(on = On.THE_USUAL_PAIR)
        void isACorruptModelThatIsNeverCopied(MavenBuild maven, Workspace workspace) throws Exception {
            try (TinyModel tiny = TinyModel.start()) {
                JavaProject.usual()
                        .into(workspace)
                        .write(Config.FILE, tiny.config().toString());
                maven.goals("compile").run().succeeded();
            }
            Files.writeString(workspace.find(".cache", TinyModel.NAME), "x".repeat(TinyModel.SIZE));

            maven.cache("copy").offline().run().failedWith("not complete in the cache", "cache:verify");

            assertThat(workspace.file("target/classes/models")).doesNotExist();
        }
    }
}
