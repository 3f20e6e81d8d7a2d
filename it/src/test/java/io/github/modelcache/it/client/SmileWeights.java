package io.github.modelcache.it.client;

import io.github.modelcache.it.maven.BuildSettings;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.Workspace;
import java.nio.file.Path;

/** The weights of an EfficientNet, 87 MB of random numbers that Smile itself writes: the format is a detail of its engine. */
final class SmileWeights {

    private static final String POM = """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>weights</artifactId>
          <version>1</version>
          <properties>
            <maven.compiler.release>21</maven.compiler.release>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
          </properties>
          <dependencies>
            <dependency>
              <groupId>com.github.haifengl</groupId>
              <artifactId>smile-deep</artifactId>
              <version>4.4.2</version>
            </dependency>
          </dependencies>
          <build>
            <plugins>
              <plugin>
                <groupId>org.apache.maven.plugins</groupId>
                <artifactId>maven-compiler-plugin</artifactId>
                <version>%s</version>
              </plugin>
              <plugin>
                <groupId>org.codehaus.mojo</groupId>
                <artifactId>exec-maven-plugin</artifactId>
                <version>%s</version>
                <configuration>
                  <executable>${java.home}/bin/java</executable>
                  <arguments>
                    <argument>-classpath</argument>
                    <classpath/>
                    <argument>Weights</argument>
                    <argument>%s</argument>
                  </arguments>
                </configuration>
              </plugin>
            </plugins>
          </build>
        </project>
        """;

    /** The layers of {@code EfficientNet.V2S()}. */
    private static final String PROGRAM = """
        import smile.deep.layer.BatchNorm2dLayer;
        import smile.vision.EfficientNet;
        import smile.vision.layer.MBConvConfig;

        public class Weights {
            public static void main(String[] arguments) {
                MBConvConfig[] layers = {
                    MBConvConfig.FusedMBConv(1, 3, 1, 24, 24, 2),
                    MBConvConfig.FusedMBConv(4, 3, 2, 24, 48, 4),
                    MBConvConfig.FusedMBConv(4, 3, 2, 48, 64, 4),
                    MBConvConfig.MBConv(4, 3, 2, 64, 128, 6),
                    MBConvConfig.MBConv(6, 3, 1, 128, 160, 9),
                    MBConvConfig.MBConv(6, 3, 2, 160, 256, 15)
                };
                new EfficientNet(layers, 0.2, 0.2, 1000, 1280, size -> new BatchNorm2dLayer(size, 1e-3, 0.1, true))
                        .save(arguments[0]);
            }
        }
        """;

    private SmileWeights() {}

    /** Writes them with a build of its own. */
    static void write(MavenBuild maven, Workspace workspace, Path target) {
        Path project = workspace.root().resolve("weights");
        String compiler = BuildSettings.versionOf("compilerPlugin");
        workspace
                .write(
                        project.resolve("pom.xml"),
                        POM.formatted(compiler, BuildSettings.versionOf("execPlugin"), target))
                .write(project.resolve("src/main/java/Weights.java"), PROGRAM);
        maven.in(project).online().goals("compile", "exec:exec").run().succeeded();
    }
}
