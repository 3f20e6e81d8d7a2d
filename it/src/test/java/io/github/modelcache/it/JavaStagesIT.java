package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildSettings;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.DocsPage;
import io.github.modelcache.it.project.Pom;
import io.github.modelcache.it.project.Report;
import java.util.Map;
import java.util.TreeMap;

/** Tests and programs on the JVM, with the plugins configured as docs/java.md says. */
class JavaStagesIT {

    private static final DocsPage PAGE = DocsPage.read("java.md");

    private static final String POM = """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>com.example</groupId>
              <artifactId>stages</artifactId>
              <version>1</version>
              <properties>
                <maven.compiler.release>17</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              <dependencies>
                <dependency>
                  <groupId>org.junit.jupiter</groupId>
                  <artifactId>junit-jupiter</artifactId>
                  <version>%s</version>
                  <scope>test</scope>
                </dependency>
              </dependencies>
              <build>
                <pluginManagement>
                  <plugins>
            %s
                  </plugins>
                </pluginManagement>
                <plugins>
                  <plugin>
                    <groupId>io.github.modelcache</groupId>
                    <artifactId>cache-maven-plugin</artifactId>
                    <version>%s</version>
                    <executions>
                      <execution><goals><goal>init</goal></goals></execution>
                    </executions>
                  </plugin>
            %s
                </plugins>
              </build>
            </project>
            """;

    private static final String WRITES_ITS_ENVIRONMENT = """
            java.nio.file.Files.write(java.nio.file.Path.of("%s.env"), System.getenv().entrySet().stream()
                    .map(variable -> variable.getKey() + "=" + variable.getValue())
                    .toList());
            """;

    private static void prepare(Workspace workspace, String... plugins) {
        String versions = Pom.plugin("resources")
                + Pom.plugin("compiler")
                + Pom.plugin("jar")
                + Pom.plugin("surefire")
                + Pom.plugin("org.codehaus.mojo", "exec-maven-plugin", "execPlugin")
                + Pom.plugin("org.springframework.boot", "spring-boot-maven-plugin", "springBootPlugin")
                + Pom.plugin("org.apache.maven.plugins", "maven-failsafe-plugin", "surefirePlugin")
                        .replace("</version>", """
                                </version>
                                <executions>
                                  <execution><goals><goal>integration-test</goal><goal>verify</goal></goals></execution>
                                </executions>""");
        workspace
                .write(
                        "pom.xml",
                        POM.formatted(
                                BuildSettings.versionOf("junit"),
                                versions,
                                BuildSettings.version(),
                                String.join("", plugins)))
                .write(Config.FILE, "{}")
                .write("src/main/java/com/example/Main.java", """
                        package com.example;

                        public class Main {
                            public static void main(String[] arguments) throws Exception {
                        %s
                            }
                        }
                        """.formatted(WRITES_ITS_ENVIRONMENT.formatted("main")));
        for (String test : new String[] {"SeenTest", "SeenIT"}) {
            workspace.write("src/test/java/com/example/" + test + ".java", """
                    package com.example;

                    class %s {
                        @org.junit.jupiter.api.Test
                        void tellsItsEnvironment() throws Exception {
                    %s
                        }
                    }
                    """.formatted(
                            test, WRITES_ITS_ENVIRONMENT.formatted(test)));
        }
    }

    /** A build in a shell that has set variables of another project. */
    private static MavenBuild elsewhere(MavenBuild maven) {
        return maven.env("TRANSFORMERS_CACHE", "/elsewhere/transformers")
                .env("HF_HOME", "/elsewhere/huggingface")
                .env("HUGGINGFACE_HUB_CACHE", "/elsewhere/hub");
    }

    private static Map<String, String> environment(MavenBuild maven, Workspace workspace) {
        maven.cache("env")
                .property("cache.format", "json")
                .property("cache.output", "target/env.json")
                .run()
                .succeeded();
        Map<String, String> environment = new TreeMap<>();
        Report.read(workspace.file("target/env.json"))
                .root()
                .properties()
                .forEach(variable ->
                        environment.put(variable.getKey(), variable.getValue().asString()));
        assertThat(environment).containsKeys("TRANSFORMERS_CACHE", "TORCH_HOME", "HF_HOME");
        return environment;
    }

    private static Map<String, String> seen(Workspace workspace, String program) {
        Map<String, String> seen = new TreeMap<>();
        workspace.read(program + ".env").lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                seen.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        return seen;
    }

    @MavenBuildTest(on = On.EACH_MAVEN)
    void testsSeeEveryVariableAndNoneThatTheShellHasWrong(MavenBuild maven, Workspace workspace) {
        String surefire = PAGE.block("xml", "maven-surefire-plugin");
        prepare(workspace, surefire, surefire.replace("maven-surefire-plugin", "maven-failsafe-plugin"));

        elsewhere(maven).goals("verify").run().succeeded();

        Map<String, String> expected = environment(maven, workspace);
        for (String test : new String[] {"SeenTest", "SeenIT"}) {
            assertThat(seen(workspace, test))
                    .as("what %s sees", test)
                    .containsAllEntriesOf(expected)
                    .containsEntry("HF_HUB_OFFLINE", "0")
                    .doesNotContainKey("HUGGINGFACE_HUB_CACHE");
            assertThat(seen(workspace, test).values()).noneMatch(value -> value.contains("${"));
        }
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void offlineTestsAreToldSo(MavenBuild maven, Workspace workspace) {
        prepare(workspace, PAGE.block("xml", "maven-surefire-plugin"));

        elsewhere(maven).goals("test").offline().run().succeeded();

        Map<String, String> expected = environment(maven.offline(), workspace);
        assertThat(expected).containsEntry("HF_HUB_OFFLINE", "1").containsEntry("DJL_OFFLINE", "true");
        assertThat(seen(workspace, "SeenTest")).containsAllEntriesOf(expected);
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void programsSeeTheVariables(MavenBuild maven, Workspace workspace) {
        String exec = PAGE.block("xml", "exec-maven-plugin");
        prepare(workspace, exec, PAGE.block("xml", "spring-boot-maven-plugin"));
        Map<String, String> expected = environment(maven, workspace);
        expected.keySet().removeIf(name -> !exec.contains("<" + name + ">"));
        assertThat(expected).containsOnlyKeys("DJL_CACHE_DIR", "HF_HOME", "MODELS_HOME");

        elsewhere(maven).goals("compile", "exec:exec").run().succeeded();
        assertThat(seen(workspace, "main")).containsAllEntriesOf(expected).containsEntry("DJL_OFFLINE", "false");

        workspace.write("main.env", "");
        elsewhere(maven).goals("spring-boot:run").run().succeeded();
        assertThat(seen(workspace, "main")).containsAllEntriesOf(expected).containsEntry("DJL_OFFLINE", "false");
    }
}
