package io.github.modelcache.family;

import io.github.modelcache.model.ModelFile;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The newest version of a model at its source.
 *
 * @param revision as in the lock file
 * @param date when it was published, if the source tells
 * @param license if the source tells
 * @param files those that the declaration asks for; empty if the source does not tell
 */
public record LatestVersion(
        String revision, Optional<Instant> date, Optional<String> license, Optional<List<ModelFile>> files) {

    /** Copies the list. */
    public LatestVersion {
        files = files.map(List::copyOf);
    }
}
