package io.github.modelcache.family;

import io.github.modelcache.model.MavenCoordinates;
import java.nio.file.Path;
import java.util.Optional;

/** Maven's own resolver. It applies repositories, mirrors, credentials, proxies, offline mode and checksums. */
public interface ArtifactResolver {

    /**
     * Resolves an artifact into the local repository.
     *
     * @throws ModelException if no repository has it, or Maven is offline and the local repository lacks it
     */
    Path resolve(MavenCoordinates coordinates) throws ModelException;

    /**
     * The version that LATEST, RELEASE or a snapshot stands for now.
     *
     * @throws ModelException if no repository knows it
     */
    String version(MavenCoordinates coordinates) throws ModelException;

    /**
     * The newest version in the repositories' metadata, if it is newer than that of the coordinates.
     *
     * @throws ModelException if no repository knows the artifact
     */
    Optional<String> newer(MavenCoordinates coordinates) throws ModelException;

    /** The licence that the artifact's POM names, if it can be read. */
    Optional<String> license(MavenCoordinates coordinates);
}
