package io.github.modelcache.it.project;

import io.github.modelcache.it.maven.BuildSettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A small POM with the goals under test bound to their default phases; each method returns another one. */
public final class Pom {

    private static final String RESOURCES = """
                  <plugin>
                    <groupId>org.apache.maven.plugins</groupId>
                    <artifactId>maven-resources-plugin</artifactId>
                    <version>%s</version>
                    <executions>
                      <execution>
                        <phase>process-resources</phase>
                        <goals><goal>resources</goal></goals>
                      </execution>
                    </executions>
                  </plugin>
            """;

    private final List<String> goals;
    private final List<String> modules;
    private final List<URI> repositories;
    private final boolean filtersResources;

    private Pom(List<String> goals, List<String> modules, List<URI> repositories, boolean filtersResources) {
        this.goals = List.copyOf(goals);
        this.modules = List.copyOf(modules);
        this.repositories = List.copyOf(repositories);
        this.filtersResources = filtersResources;
    }

    /** A project that binds the goals. It has no code, so a build of it starts no other plugin. */
    public static Pom withGoals(String... goals) {
        return new Pom(List.of(goals), List.of(), List.of(), false);
    }

    /** The usual three. */
    public static Pom usual() {
        return withGoals("init", "download", "verify");
    }

    /** Adds modules. */
    public Pom modules(String... names) {
        return new Pom(goals, List.of(names), repositories, filtersResources);
    }

    /** Adds a Maven repository. */
    public Pom repository(URI repository) {
        List<URI> all = new ArrayList<>(repositories);
        Collections.addAll(all, repository);
        return new Pom(goals, modules, all, filtersResources);
    }

    /** Copies {@code src/main/resources} to {@code target/classes} with the project's properties filled in. */
    public Pom filteringResources() {
        return new Pom(goals, modules, repositories, true);
    }

    /** A plugin of Maven in the version of this project, by the middle of its name, such as {@code compiler}. */
    public static String plugin(String name) {
        return plugin("org.apache.maven.plugins", "maven-" + name + "-plugin", name + "Plugin");
    }

    /** A plugin in the version of this project; see {@link BuildSettings#versionOf}. */
    public static String plugin(String group, String artifact, String version) {
        return """
                <plugin>
                  <groupId>%s</groupId>
                  <artifactId>%s</artifactId>
                  <version>%s</version>
                </plugin>
                """.formatted(group, artifact, BuildSettings.versionOf(version));
    }

    /** A module of this project; it has nothing of its own. */
    public static String module(String name) {
        return """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <parent>
                    <groupId>org.example</groupId>
                    <artifactId>models</artifactId>
                    <version>1</version>
                  </parent>
                  <artifactId>%s</artifactId>
                  <packaging>pom</packaging>
                </project>
                """.formatted(name);
    }

    /** A module that binds a goal with a configuration of its own. */
    public static String module(String name, String goal, String configuration) {
        return module(name).replace("</project>", """
                  <build>
                    <plugins>
                      <plugin>
                        <groupId>io.github.modelcache</groupId>
                        <artifactId>cache-maven-plugin</artifactId>
                        <executions>
                          <execution>
                            <phase>package</phase>
                            <goals><goal>%s</goal></goals>
                            <configuration>%s</configuration>
                          </execution>
                        </executions>
                      </plugin>
                    </plugins>
                  </build>
                </project>""".formatted(goal, configuration));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("""
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>org.example</groupId>
                  <artifactId>models</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  <properties>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                  </properties>
                """);
        if (!modules.isEmpty()) {
            text.append("  <modules>\n");
            modules.forEach(module -> text.append("    <module>%s</module>\n".formatted(module)));
            text.append("  </modules>\n");
        }
        if (!repositories.isEmpty()) {
            text.append("  <repositories>\n");
            for (int i = 0; i < repositories.size(); i++) {
                text.append("    <repository><id>models-%d</id><url>%s</url></repository>\n"
                        .formatted(i, repositories.get(i)));
            }
            text.append("  </repositories>\n");
        }
        return text.append(build()).append("</project>\n").toString();
    }

    private String build() {
        StringBuilder text = new StringBuilder("  <build>\n");
        if (filtersResources) {
            text.append("    <resources><resource><directory>src/main/resources</directory>")
                    .append("<filtering>true</filtering></resource></resources>\n");
        }
        text.append("    <plugins>\n");
        text.append(plugin("clean"));
        if (filtersResources) {
            text.append(RESOURCES.formatted(BuildSettings.versionOf("resourcesPlugin")));
        }
        text.append("""
                      <plugin>
                        <groupId>io.github.modelcache</groupId>
                        <artifactId>cache-maven-plugin</artifactId>
                        <version>%s</version>
                        <executions>
                          <execution>
                            <goals>
                """.formatted(BuildSettings.version()));
        goals.forEach(goal -> text.append("              <goal>%s</goal>\n".formatted(goal)));
        text.append("""
                            </goals>
                          </execution>
                        </executions>
                      </plugin>
                    </plugins>
                  </build>
                """);
        return text.toString();
    }
}
