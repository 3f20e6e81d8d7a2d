package io.github.modelcache.it.maven;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Fills the local repository of each Maven version before its first scenario: with the plugin and the archetype under
 * test, and with whatever a scaffolded build needs; and makes the class archive of each pair before its first scenario.
 * Scenarios then run without the internet. Only one version is warmed up at a time, and later ones copy from earlier
 * ones, so that each file is downloaded once.
 */
final class LocalRepositories {

    /** By Maven version: what went wrong, if anything did; then no scenario need try again. */
    private final Map<String, Optional<AssertionError>> done = new HashMap<>();

    private final Set<MavenRuntime> archived = new HashSet<>();

    synchronized void warmUp(MavenRuntime runtime) {
        Optional<AssertionError> failure = done.computeIfAbsent(runtime.maven(), version -> attempt(runtime));
        if (failure.isPresent()) {
            throw new AssertionError("No local repository for Maven " + runtime.maven(), failure.get());
        }
        if (archived.add(runtime)) {
            ClassArchive.of(runtime).make(runtime);
        }
    }

    private static Optional<AssertionError> attempt(MavenRuntime runtime) {
        copy(BuildSettings.projectRepository(), runtime.repository());
        try {
            scaffold(runtime);
            return Optional.empty();
        } catch (AssertionError e) {
            return Optional.of(e);
        }
    }

    /** The local repositories to read from by their names, the user's own first. */
    static Map<String, Path> sources(MavenRuntime runtime) {
        Map<String, Path> sources = new LinkedHashMap<>();
        sources.put("outer", BuildSettings.outerRepository());
        BuildSettings.mavenVersions().stream()
                .filter(version -> !version.equals(runtime.maven()))
                .map(version -> new MavenRuntime(version, runtime.jdk()))
                .filter(other -> Files.isDirectory(other.repository()))
                .forEach(other -> sources.put("maven-" + other.maven(), other.repository()));
        return sources;
    }

    private static void scaffold(MavenRuntime runtime) {
        Workspace workspace = Workspace.create();
        // The JDK of the outer build has just talked to the same repositories.
        MavenBuild maven = MavenBuild.of(new MavenRuntime(runtime.maven(), Jdk.running()), workspace)
                .online();
        Scaffold.generate(maven, workspace.root()).succeeded();
        maven.in(workspace.root().resolve(Scaffold.ARTIFACT))
                .goals("clean", "verify", "exec:exec")
                // Runs nothing, but brings what it needs.
                .goals("org.springframework.boot:spring-boot-maven-plugin:"
                        + BuildSettings.versionOf("springBootPlugin") + ":run")
                .property("spring-boot.run.skip", "true")
                .run()
                .succeeded();
        try {
            workspace.delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
