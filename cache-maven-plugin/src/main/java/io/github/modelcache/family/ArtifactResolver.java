package io.github.modelcache.family;

import io.github.modelcache.model.MavenCoordinates;
import java.nio.file.Path;
import java.util.Optional;

/** Maven's own resolver: repositories, mirrors, credentials, proxies, offline and checksums are its business. */
public interface ArtifactResolver {

    /**
     * Brings an artifact into the local repository.
     *
     * @throws ModelException when no repository has it, or Maven is offline and it is not there yet
     */
    Path resolve(MavenCoordinates coordinates) throws ModelException;

    /**
     * The version that LATEST, RELEASE or a snapshot stands for now.
     *
     * @throws ModelException when no repository tells it
     */
    String version(MavenCoordinates coordinates) throws ModelException;

    /** The licence that the artifact's POM names, if it can be read. */
    Optional<String> license(MavenCoordinates coordinates);
}
