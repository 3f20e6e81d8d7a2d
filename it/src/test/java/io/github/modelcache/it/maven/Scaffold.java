package io.github.modelcache.it.maven;

import java.nio.file.Path;

/** Generates a project from the archetype under test. */
public final class Scaffold {

    /** The name of the project and of its folder. */
    public static final String ARTIFACT = "speech";

    private Scaffold() {}

    /** Generates a project with the archetype's own defaults in a folder. */
    public static BuildResult generate(MavenBuild maven, Path folder) {
        return prepared(maven, folder).run();
    }

    /** The build that generates a project, for properties to be added. */
    public static MavenBuild prepared(MavenBuild maven, Path folder) {
        return maven.in(folder)
                .goals("org.apache.maven.plugins:maven-archetype-plugin:" + BuildSettings.versionOf("archetypePlugin")
                        + ":generate")
                .property("archetypeCatalog", "local")
                .property("archetypeGroupId", "io.github.modelcache")
                .property("archetypeArtifactId", "project-archetype")
                .property("archetypeVersion", BuildSettings.version())
                .property("groupId", "org.example")
                .property("artifactId", ARTIFACT);
    }
}
