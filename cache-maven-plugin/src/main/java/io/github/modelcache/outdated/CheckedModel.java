package io.github.modelcache.outdated;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.LatestVersion;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A locked model and the newest version at its source.
 *
 * @param note why the newest version is unknown; otherwise empty
 */
public record CheckedModel(ResolvedModel locked, Optional<LatestVersion> latest, String note) {

    /** Whether a model is outdated. */
    public enum State {
        /** The source has a newer version. */
        OUTDATED,
        /** The locked version is the newest. */
        CURRENT,
        /** The source does not tell. */
        UNKNOWN;

        /** Its name in reports. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public State state() {
        return latest.map(version -> version.revision().equals(locked.revision()) ? State.CURRENT : State.OUTDATED)
                .orElse(State.UNKNOWN);
    }

    /** The size in bytes of the new files whose content is not locked; empty if the source does not tell all sizes. */
    public Optional<Long> bytes() {
        return latest.flatMap(LatestVersion::files).flatMap(this::bytes);
    }

    private Optional<Long> bytes(List<ModelFile> files) {
        Set<Optional<Digest>> known =
                locked.files().stream().map(ModelFile::digest).collect(Collectors.toSet());
        List<ModelFile> changed = files.stream()
                .filter(file -> file.digest().isEmpty() || !known.contains(file.digest()))
                .toList();
        boolean measured = changed.stream().noneMatch(file -> file.size() == ModelFile.UNKNOWN_SIZE);
        return measured
                ? Optional.of(changed.stream().mapToLong(ModelFile::size).sum())
                : Optional.empty();
    }
}
