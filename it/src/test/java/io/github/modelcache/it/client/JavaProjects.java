package io.github.modelcache.it.client;

import io.github.modelcache.it.maven.BuildSettings;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Pom;
import io.github.modelcache.testing.JavaLibraryMode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A project for each way in which a library loads models, all in one build. Each has a config of its own. */
record JavaProjects(List<JavaLibraryMode> modes, JavaFixtures fixtures) {

    private static final String PARENT = """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>com.example</groupId>
              <artifactId>libraries</artifactId>
              <version>1</version>
              <packaging>pom</packaging>
              <properties>
                <maven.compiler.release>17</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              <modules>
            %s  </modules>
              <dependencies>
                <dependency>
                  <groupId>org.junit.jupiter</groupId>
                  <artifactId>junit-jupiter</artifactId>
                  <version>%s</version>
                  <scope>test</scope>
                </dependency>
                <dependency>
                  <groupId>org.junit.platform</groupId>
                  <artifactId>junit-platform-console</artifactId>
                  <version>%s</version>
                  <scope>test</scope>
                </dependency>
              </dependencies>
              <build>
                <pluginManagement>
                  <plugins>
            %s      </plugins>
                </pluginManagement>
                <plugins>
                  <plugin>
                    <groupId>org.apache.maven.plugins</groupId>
                    <artifactId>maven-surefire-plugin</artifactId>
                    <configuration>
                      <systemPropertiesFile>${project.build.directory}/models.properties</systemPropertiesFile>
                      <environmentVariables>
                        <HF_HOME>${cache.env.HF_HOME}</HF_HOME>
                        <HF_HUB_CACHE>${cache.env.HF_HUB_CACHE}</HF_HUB_CACHE>
                        <HF_HUB_OFFLINE>${cache.env.HF_HUB_OFFLINE}</HF_HUB_OFFLINE>
                      </environmentVariables>
                    </configuration>
                  </plugin>
                </plugins>
              </build>
            </project>
            """;

    private static final String MODULE = """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <parent>
                <groupId>com.example</groupId>
                <artifactId>libraries</artifactId>
                <version>1</version>
              </parent>
              <artifactId>%s</artifactId>
              <dependencies>
            %s  </dependencies>
              <build>
                <plugins>
                  <plugin>
                    <groupId>io.github.modelcache</groupId>
                    <artifactId>cache-maven-plugin</artifactId>
                    <version>%s</version>
                    <executions>
                      <execution>
                        <goals><goal>init</goal><goal>generate</goal><goal>download</goal></goals>
                        <configuration><test>true</test><packageName>modes</packageName></configuration>
                      </execution>
            %s        </executions>
                  </plugin>
                  <plugin>
                    <groupId>org.apache.maven.plugins</groupId>
                    <artifactId>maven-surefire-plugin</artifactId>
                    <configuration>%s</configuration>
                  </plugin>
                </plugins>
              </build>
            </project>
            """;

    private static final String COPY = """
                      <execution>
                        <id>copy</id>
                        <phase>process-classes</phase>
                        <goals><goal>copy</goal></goals>
                        <configuration>%s</configuration>
                      </execution>
            """;

    private static final String TEST = """
            package modes;

            import java.io.File;
            import java.nio.file.Files;
            import java.nio.file.Path;
            import org.junit.jupiter.api.Assertions;
            import org.junit.jupiter.api.Test;
            %s

            class ModeTest {
                static void found(boolean right) {
                    Assertions.assertTrue(right);
                }

                @Test
                void findsItsModel() throws Exception {
                    Files.writeString(Path.of("target/class-path.txt"), System.getProperty("java.class.path"));
            %s
                }
            }
            """;

    /** Writes them into the workspace. */
    void write(Workspace workspace) {
        String modules = modes.stream()
                .map(mode -> "    <module>" + mode.id() + "</module>\n")
                .collect(Collectors.joining());
        String plugins = Pom.plugin("resources") + Pom.plugin("compiler") + Pom.plugin("surefire");
        String junit = BuildSettings.versionOf("junit");
        workspace.write("pom.xml", PARENT.formatted(modules, junit, junit.replaceFirst("^5", "1"), plugins));
        modes.forEach(mode -> write(mode, workspace));
    }

    private void write(JavaLibraryMode mode, Workspace workspace) {
        Config config =
                Config.empty().member("base_dir", "\"" + base(workspace) + "\"").member("mirrors", fixtures.mirrors());
        for (String entry : mode.all("declare")) {
            config = config.declared(entry.replace("FIXTURES", fixtures.files()));
        }
        String dependencies =
                mode.all("dependency").stream().map(JavaProjects::dependency).collect(Collectors.joining());
        String copy = mode.find("goal").isEmpty()
                ? ""
                : COPY.formatted(
                        mode.find("copy").map(to -> "<to>" + to + "</to>").orElse(""));
        workspace
                .write(mode.id() + "/" + Config.FILE, config.toString())
                .write(
                        mode.id() + "/pom.xml",
                        MODULE.formatted(
                                mode.id(),
                                dependencies,
                                BuildSettings.version(),
                                copy,
                                mode.find("surefire").orElse("")))
                .write(
                        mode.id() + "/src/test/java/modes/ModeTest.java",
                        TEST.formatted(
                                String.join("\n", mode.imports()),
                                mode.code().stream()
                                        .map(line -> "        " + line)
                                        .collect(Collectors.joining("\n"))));
    }

    /** One cache for all, so that each model and each engine is there once. */
    static Path base(Workspace workspace) {
        return workspace.project().resolve(".cache");
    }

    private static String dependency(String coordinates) {
        String[] parts = coordinates.split(":", -1);
        String classifier = parts.length > 3 ? "<classifier>" + parts[3] + "</classifier>" : "";
        return "    <dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>%s</dependency>\n"
                .formatted(parts[0], parts[1], parts[2], classifier);
    }
}
