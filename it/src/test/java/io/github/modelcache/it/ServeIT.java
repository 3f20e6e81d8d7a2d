package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.BuildSettings;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.testing.StandInHub;
import java.nio.file.Path;

/** A model hub that a build starts for its tests and stops after them. */
class ServeIT {

    /** Starts the hub and stops it, with a client in between and one afterwards. */
    private static final String POM = """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>org.example</groupId>
              <artifactId>models</artifactId>
              <version>1</version>
              <packaging>pom</packaging>
              <build>
                <plugins>
                  <plugin>
                    <groupId>io.github.modelcache</groupId>
                    <artifactId>cache-maven-plugin</artifactId>
                    <version>%s</version>
                    <executions>
                      <execution>
                        <id>start-hub</id>
                        <goals><goal>serve</goal></goals>
                      </execution>
                      <execution>
                        <id>client</id>
                        <phase>integration-test</phase>
                        <goals><goal>exec</goal></goals>
                        <configuration>
                          <command>
                            <arg>%s</arg>
                            <arg>Client.java</arg>
                            <arg>${cache.serve.url}</arg>
                          </command>
                        </configuration>
                      </execution>
                      <execution>
                        <id>stop-hub</id>
                        <phase>post-integration-test</phase>
                        <goals><goal>serve</goal></goals>
                        <configuration><stop>true</stop></configuration>
                      </execution>
                      <execution>
                        <id>late-client</id>
                        <phase>verify</phase>
                        <goals><goal>exec</goal></goals>
                        <configuration>
                          <command>
                            <arg>%s</arg>
                            <arg>Client.java</arg>
                            <arg>${cache.serve.url}</arg>
                          </command>
                        </configuration>
                      </execution>
                    </executions>
                  </plugin>
                </plugins>
              </build>
            </project>
            """;

    private static final String CLIENT = """
            import java.io.InputStream;
            import java.net.ConnectException;
            import java.net.URI;

            public class Client {
                public static void main(String[] arguments) throws Exception {
                    System.out.println("HF_ENDPOINT " + arguments[0].equals(System.getenv("HF_ENDPOINT")));
                    try (InputStream in = URI.create(arguments[0] + "/acme/tiny/resolve/main/config.json")
                            .toURL().openStream()) {
                        System.out.println("client read " + new String(in.readAllBytes()));
                    } catch (ConnectException e) {
                        System.out.println("client found no server");
                    }
                }
            }
            """;

    @MavenBuildTest(on = MavenBuildTest.On.EACH_MAVEN)
    void servesFromPreToPostIntegrationTest(MavenBuild maven, Workspace workspace) throws Exception {
        Path origin = workspace.root().resolve("origin");
        workspace.write(origin.resolve("config.json"), "{\"hidden\": 4}");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        workspace
                .write("pom.xml", POM.formatted(BuildSettings.version(), java, java))
                .write("Client.java", CLIENT)
                .write(Config.FILE, Config.empty().model("hf:acme/tiny").toString());
        try (StandInHub hub = StandInHub.start()) {
            hub.add("acme/tiny", origin);
            maven.cache("init", "download")
                    .property("cache.endpoint", hub.endpoint().toString())
                    .run()
                    .succeeded();
        }

        BuildResult build = maven.goals("verify").offline().run().succeeded();

        build.says("Serving 1 model at http://127.0.0.1:", "client read {\"hidden\": 4}", "HF_ENDPOINT true");
        build.says("client found no server", "HF_ENDPOINT false");
        assertThat(build.output().indexOf("client read"))
                .isLessThan(build.output().indexOf("client found no server"));
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void namesThePortThatIsTaken(MavenBuild maven, Workspace workspace) throws Exception {
        workspace.write(Config.FILE, Config.empty().toString());
        try (StandInHub other = StandInHub.start()) {
            String port = String.valueOf(other.endpoint().getPort());

            maven.cache("serve")
                    .property("cache.serve.port", port)
                    .run()
                    .failedWith("The port " + port + " of 127.0.0.1 is taken", "-Dcache.serve.port=0");
        }
    }
}
