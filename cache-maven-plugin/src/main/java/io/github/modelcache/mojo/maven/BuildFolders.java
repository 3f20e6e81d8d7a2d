package io.github.modelcache.mojo.maven;

import io.github.modelcache.plan.Plan;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.maven.execution.MavenSession;

/** The folders that {@code mvn clean} deletes. */
public record BuildFolders(MavenSession session) {

    /** A warning if the cache is inside one of them. */
    public Optional<String> warning(Path baseDir, Path projectRoot) {
        return Stream.concat(
                        session.getProjects().stream()
                                .filter(project -> project.getFile() != null)
                                .map(project -> Path.of(project.getBuild().getDirectory())),
                        Stream.of(projectRoot.resolve("target")))
                .filter(baseDir::startsWith)
                .findFirst()
                .map(folder -> "The cache " + Plan.name(projectRoot, baseDir) + " is inside "
                        + Plan.name(projectRoot, folder)
                        + ", which mvn clean deletes with all models. Set base_dir in the config to another folder,"
                        + " such as .cache");
    }
}
