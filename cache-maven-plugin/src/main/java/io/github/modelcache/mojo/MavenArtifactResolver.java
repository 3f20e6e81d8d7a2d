package io.github.modelcache.mojo;

import io.github.modelcache.model.MavenCoordinates;
import io.github.modelcache.source.ArtifactResolver;
import io.github.modelcache.source.ModelException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.maven.execution.MavenSession;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactDescriptorRequest;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;

/** Asks the resolver of the running Maven, with the repositories of the modules that declare the plugin. */
final class MavenArtifactResolver implements ArtifactResolver {

    private final RepositorySystem system;
    private final RepositorySystemSession session;
    private final List<RemoteRepository> repositories;
    private final boolean offline;

    MavenArtifactResolver(RepositorySystem system, MavenSession maven) {
        this.system = system;
        this.session = maven.getRepositorySession();
        this.repositories = repositories(maven);
        this.offline = maven.isOffline();
    }

    /** Those of the module at work first; it works for the others too, which may declare more of them. */
    private static List<RemoteRepository> repositories(MavenSession maven) {
        Set<RemoteRepository> all =
                new LinkedHashSet<>(maven.getCurrentProject().getRemoteProjectRepositories());
        maven.getProjects().stream()
                .filter(project -> project.getPlugin(TypedCommands.PLUGIN) != null)
                .forEach(project -> all.addAll(project.getRemoteProjectRepositories()));
        return List.copyOf(all);
    }

    @Override
    public Path resolve(MavenCoordinates coordinates) throws ModelException {
        try {
            return system.resolveArtifact(session, new ArtifactRequest(artifact(coordinates), repositories, null))
                    .getArtifact()
                    .getFile()
                    .toPath();
        } catch (ArtifactResolutionException e) {
            String next = offline
                    ? "Maven is offline (-o): run mvn cache:download once without -o"
                    : "check the coordinates in the config, and the repositories in the POM and settings.xml";
            throw new ModelException(
                    "maven:" + name(coordinates) + " can't be had: " + e.getMessage() + "; " + next, e);
        }
    }

    @Override
    public Optional<String> license(MavenCoordinates coordinates) {
        MavenCoordinates pom =
                new MavenCoordinates(coordinates.groupId(), coordinates.artifactId(), "jar", "", coordinates.version());
        try {
            Object name = system.readArtifactDescriptor(
                            session, new ArtifactDescriptorRequest(artifact(pom), repositories, null))
                    .getProperties()
                    .get("license.0.name");
            return Optional.ofNullable(name).map(Object::toString).filter(text -> !text.isBlank());
        } catch (ArtifactDescriptorException e) {
            return Optional.empty(); // the model is usable without its POM
        }
    }

    private static Artifact artifact(MavenCoordinates coordinates) {
        return new DefaultArtifact(
                coordinates.groupId(),
                coordinates.artifactId(),
                coordinates.classifier(),
                coordinates.extension(),
                coordinates.version());
    }

    private static String name(MavenCoordinates coordinates) {
        return coordinates.groupId() + ":" + coordinates.artifactId() + ":" + coordinates.version();
    }
}
