package io.github.modelcache.it.maven;

import java.nio.file.Path;
import java.util.List;

/** What the outer build tells the tests, as system properties (see the failsafe plugin in the POM). */
public final class BuildSettings {

    private BuildSettings() {}

    /** The version of the plugin and the archetype under test. */
    public static String version() {
        return required("it.version");
    }

    /** {@code it/target}. */
    public static Path target() {
        return Path.of(required("it.target"));
    }

    /** The version of a plugin in the root POM, by the name of its property here, such as {@code resourcesPlugin}. */
    public static String versionOf(String name) {
        return required("it." + name);
    }

    /** {@code groupId:artifactId:version} of the plugin under test. */
    public static String plugin() {
        return "io.github.modelcache:cache-maven-plugin:" + version();
    }

    static Path distributions() {
        return Path.of(required("it.distributions"));
    }

    static Path projectRepository() {
        return Path.of(required("it.projectRepository"));
    }

    static Path outerRepository() {
        return Path.of(required("it.outerRepository"));
    }

    static String mavenCurrent() {
        return required("it.mavenCurrent");
    }

    static List<String> mavenVersions() {
        return List.of(required("it.mavenMinimum"), mavenCurrent(), required("it.mavenNext"));
    }

    /** Prefix of the Maven versions to run on; empty for all. */
    static String mavenFilter() {
        return System.getProperty("it.maven", "");
    }

    /** The only Java feature release to run on; empty for all. */
    static String javaFilter() {
        return System.getProperty("it.java", "");
    }

    private static String required(String name) {
        String value = System.getProperty(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException("The system property " + name + " is missing; run the tests with ./mvnw");
        }
        return value;
    }
}
