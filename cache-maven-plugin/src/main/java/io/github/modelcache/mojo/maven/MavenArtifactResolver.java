package io.github.modelcache.mojo.maven;

import io.github.modelcache.family.ArtifactResolver;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.model.MavenCoordinates;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.project.MavenProject;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactDescriptorRequest;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.VersionRangeRequest;
import org.eclipse.aether.resolution.VersionRangeResolutionException;
import org.eclipse.aether.resolution.VersionRangeResult;
import org.eclipse.aether.resolution.VersionRequest;
import org.eclipse.aether.resolution.VersionResolutionException;
import org.eclipse.aether.version.Version;

/** Resolves artifacts with the running Maven and the repositories of the modules that declare the plugin. */
public final class MavenArtifactResolver implements ArtifactResolver {

    private static final Pattern NO_RELEASE = Pattern.compile(
            "(?i)\\d{8,}([.-].*)?|.*[.\\d-](alpha|beta|milestone|preview|pre|rc|cr|ea|dev|m(?=[.\\d-]))([.\\d-].*)?");

    private final RepositorySystem system;
    private final RepositorySystemSession session;
    /** Asks the repositories what is newest, also where Maven would ask them once a day. */
    private final RepositorySystemSession fresh;

    private final List<RemoteRepository> repositories;
    private final boolean offline;
    private final List<MavenProject> modules;

    public MavenArtifactResolver(RepositorySystem system, MavenSession maven) {
        this.system = system;
        this.session = maven.getRepositorySession();
        boolean never = RepositoryPolicy.UPDATE_POLICY_NEVER.equals(session.getUpdatePolicy()); // -nsu
        this.fresh = never
                ? session
                : new DefaultRepositorySystemSession(session).setUpdatePolicy(RepositoryPolicy.UPDATE_POLICY_ALWAYS);
        this.repositories = repositories(maven);
        this.offline = maven.isOffline();
        this.modules = maven.getProjects();
    }

    /** The repositories of the current module first, then those of the others. */
    private static List<RemoteRepository> repositories(MavenSession maven) {
        Set<RemoteRepository> all =
                new LinkedHashSet<>(maven.getCurrentProject().getRemoteProjectRepositories());
        maven.getProjects().stream()
                .filter(project -> project.getPlugin(CommandHints.PLUGIN) != null)
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
            throw unresolved(coordinates, e);
        }
    }

    @Override
    public String version(MavenCoordinates coordinates) throws ModelException {
        try {
            return system.resolveVersion(fresh, new VersionRequest(artifact(coordinates), repositories, null))
                    .getVersion();
        } catch (VersionResolutionException e) {
            throw unresolved(coordinates, e);
        }
    }

    @Override
    public Optional<String> newer(MavenCoordinates coordinates) throws ModelException {
        try {
            String range = "(" + coordinates.version() + ",)";
            VersionRangeResult found = system.resolveVersionRange(
                    fresh, new VersionRangeRequest(artifact(coordinates).setVersion(range), repositories, null));
            boolean released = isRelease(coordinates.version());
            return found.getVersions().stream()
                    .map(Version::toString)
                    .filter(version -> !version.endsWith("-SNAPSHOT") && (!released || isRelease(version)))
                    .reduce((lower, higher) -> higher);
        } catch (VersionRangeResolutionException e) {
            throw unresolved(coordinates, e);
        }
    }

    /** Whether a version is neither a preview nor a date: {@code 20031230} is older than {@code 2.7}, but not by its number. */
    static boolean isRelease(String version) {
        return !NO_RELEASE.matcher(version).matches();
    }

    private ModelException unresolved(MavenCoordinates coordinates, RepositoryException cause) {
        return new ModelException(
                "maven:" + name(coordinates) + " can't be resolved: " + cause.getMessage() + "; " + next(coordinates),
                cause);
    }

    private String next(MavenCoordinates coordinates) {
        boolean module = modules.stream()
                .anyMatch(project -> project.getGroupId().equals(coordinates.groupId())
                        && project.getArtifactId().equals(coordinates.artifactId())
                        && project.getVersion().equals(coordinates.version()));
        if (module) {
            return "a module of this build creates it and is not packaged yet: run mvn package or mvn install";
        }
        return offline
                ? "Maven is offline (-o): run mvn cache:download once without -o"
                : "check the coordinates in the config, and the repositories in the POM and settings.xml";
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
