package io.github.modelcache.it.project;

import io.github.modelcache.it.maven.BuildSettings;
import io.github.modelcache.it.maven.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java project without dependencies whose program, a named module, prints where its models are. */
public final class JavaProject {

    /** The jar that {@code package} makes. */
    public static final String JAR = "target/app-1.jar";

    private static final String POM = """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>app</artifactId>
          <version>1</version>
          <properties>
            <maven.compiler.release>17</maven.compiler.release>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
            <project.build.outputTimestamp>2026-01-01T00:00:00Z</project.build.outputTimestamp>
          </properties>
          <build>
            <pluginManagement>
              <plugins>
        %s      </plugins>
            </pluginManagement>
            <plugins>
              <plugin>
                <groupId>io.github.modelcache</groupId>
                <artifactId>cache-maven-plugin</artifactId>
                <version>%s</version>
                <executions>
                  <execution>
                    <goals><goal>init</goal><goal>generate</goal><goal>download</goal></goals>
                  </execution>
        %s        </executions>
              </plugin>
            </plugins>
          </build>
        </project>
        """;

    private static final String COPY = """
                  <execution>
                    <id>%s</id>
                    <goals><goal>copy</goal></goals>
                    <configuration>%s</configuration>
                  </execution>
        """;

    private static final String MAIN = """
        package com.example;

        import com.example.app.Models;

        public class Main {
            public static void main(String[] arguments) throws Exception {
                for (Models model : Models.values()) {
                    java.nio.file.Path path = model.path();
                    System.out.println(model + " " + path);
                    try (var files = java.nio.file.Files.walk(path)) {
                        for (var file : files.filter(java.nio.file.Files::isRegularFile).sorted().toList()) {
                            System.out.println(model + " has " + path.relativize(file) + " of "
                                    + java.nio.file.Files.size(file) + " bytes");
                        }
                    }
                }
            }
        }
        """;

    private final List<String> copies;

    private JavaProject(List<String> copies) {
        this.copies = List.copyOf(copies);
    }

    /** A project that generates its class and downloads its models. */
    public static JavaProject usual() {
        return new JavaProject(List.of());
    }

    /** Copies models too, with a configuration of the goal in XML. */
    public JavaProject copying(String configuration) {
        List<String> all = new ArrayList<>(copies);
        all.add(COPY.formatted("copy-" + copies.size(), configuration));
        return new JavaProject(all);
    }

    /** Writes the project and its program. */
    public Workspace into(Workspace workspace) {
        StringBuilder plugins = new StringBuilder();
        for (String plugin : new String[] {"clean", "resources", "compiler", "surefire", "jar"}) {
            plugins.append(Pom.plugin(plugin));
        }
        return workspace
                .write("pom.xml", POM.formatted(plugins, BuildSettings.version(), String.join("", copies)))
                .write("src/main/java/module-info.java", "module com.example.app { exports com.example; }\n")
                .write("src/main/java/com/example/Main.java", MAIN);
    }

    /** What the program prints that lies in a jar or a folder of classes, run as a module from another folder. */
    public static String output(Path code, Path folder) throws IOException, InterruptedException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-p",
                        code.toString(),
                        "-m",
                        "com.example.app/com.example.Main")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        program.waitFor();
        return output;
    }
}
