package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildSettings;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An application takes its model along: in its jar, and in the image that jib builds. It runs without a network. */
@Tag("clients-java")
class JavaApplicationsIT {

    private static final String JIB = "3.5.2";
    private static final String MODEL = "opennlp-en-ud-ewt-tokens-1.3-2.5.4.bin";

    private static final String POM = """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>com.example</groupId>
              <artifactId>app</artifactId>
              <version>1</version>
              <properties>
                <maven.compiler.release>17</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              <dependencies>
                <dependency>
                  <groupId>org.apache.opennlp</groupId>
                  <artifactId>opennlp-tools</artifactId>
                  <version>2.5.11</version>
                </dependency>
              </dependencies>
              <build>
                <plugins>
                  <plugin>
                    <groupId>io.github.modelcache</groupId>
                    <artifactId>cache-maven-plugin</artifactId>
                    <version>%s</version>
                    <executions>
                      <execution>
                        <goals><goal>init</goal><goal>generate</goal><goal>download</goal><goal>copy</goal></goals>
                        <configuration><packageName>com.example</packageName></configuration>
                      </execution>
                      <execution>
                        <id>image</id>
                        <goals><goal>copy</goal></goals>
                        <configuration><to>${project.build.directory}/image/app/models</to></configuration>
                      </execution>
                    </executions>
                  </plugin>
                  <plugin>
                    <groupId>org.springframework.boot</groupId>
                    <artifactId>spring-boot-maven-plugin</artifactId>
                    <version>%s</version>
                    <configuration><classifier>boot</classifier></configuration>
                    <executions>
                      <execution><goals><goal>repackage</goal></goals></execution>
                    </executions>
                  </plugin>
                  <plugin>
                    <groupId>com.google.cloud.tools</groupId>
                    <artifactId>jib-maven-plugin</artifactId>
                    <version>%s</version>
                    <configuration>
                      <from><image>scratch</image></from>
                      <to><image>app</image></to>
                      <extraDirectories><paths>target/image</paths></extraDirectories>
                    </configuration>
                  </plugin>
                </plugins>
              </build>
            </project>
            """;

    private static final String MAIN = """
            package com.example;

            import opennlp.tools.tokenize.TokenizerME;
            import opennlp.tools.tokenize.TokenizerModel;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    TokenizerModel model =
                            new TokenizerModel(Models.OPENNLP_MODELS_TOKENIZER_EN.file("%s"));
                    System.out.println("tokens: " + new TokenizerME(model).tokenize("found by name").length);
                }
            }
            """;

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void aJarAndAnImageHoldTheModelAndFindIt(MavenBuild maven, Workspace workspace) throws Exception {
        workspace
                .write(
                        "pom.xml",
                        POM.formatted(BuildSettings.version(), BuildSettings.versionOf("springBootPlugin"), JIB))
                .write(
                        Config.FILE,
                        Config.empty()
                                .model("maven:org.apache.opennlp:opennlp-models-tokenizer-en:1.3.0")
                                .toString())
                .write("src/main/java/com/example/Main.java", MAIN.formatted(MODEL));
        maven.online()
                .goals("package", "com.google.cloud.tools:jib-maven-plugin:" + JIB + ":buildTar")
                .run()
                .succeeded();
        Path jar = workspace.file("target/app-1.jar");
        listsWhatANativeImageNeeds(jar);
        Path elsewhere = Files.createDirectories(workspace.root().resolve("elsewhere"));
        Path image = unpackedImage(
                workspace.file("target/jib-image.tar"), workspace.root().resolve("image"));
        Path boot = Files.move(workspace.file("target/app-1-boot.jar"), elsewhere.resolve("app.jar"));
        // Nothing of the project may be found by chance.
        Files.move(workspace.project(), workspace.root().resolve("gone"));

        assertThat(output(elsewhere, "-jar", boot.toString())).contains("tokens: 3");
        assertThat(output(elsewhere, "-cp", image + "/app/classes:" + image + "/app/libs/*", "com.example.Main"))
                .contains("tokens: 3");
    }

    /** GraalVM reads this list, so that each file of the model is in the image. */
    private static void listsWhatANativeImageNeeds(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            JsonNode list = JsonMapper.shared()
                    .readTree(zip.getInputStream(
                            zip.getEntry("META-INF/native-image/com.example/app/model-cache/resource-config.json")));
            List<String> patterns = new ArrayList<>();
            list.path("resources")
                    .path("includes")
                    .forEach(include -> patterns.add(include.path("pattern").asString()));
            List<String> resources = zip.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> !name.endsWith("/"))
                    .filter(name -> name.startsWith("models/") || name.startsWith("META-INF/model-cache/"))
                    .toList();
            assertThat(resources).anyMatch(name -> name.endsWith(MODEL));
            assertThat(resources).allMatch(name -> patterns.stream().anyMatch(name::matches));
        }
    }

    /** Unpacks the layers of an image, as a container's runtime does. */
    private static Path unpackedImage(Path tar, Path target) throws Exception {
        Path layers = Files.createDirectories(target.resolveSibling("layers"));
        Files.createDirectories(target);
        run(layers, "tar", "-xf", tar.toString());
        try (var files = Files.newDirectoryStream(layers, "*.tar.gz")) {
            for (Path layer : files) {
                run(target, "tar", "-xzf", layer.toString());
            }
        }
        return target;
    }

    private static String output(Path folder, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(Network.find().cut());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        return run(folder, command.toArray(String[]::new));
    }

    private static String run(Path folder, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
