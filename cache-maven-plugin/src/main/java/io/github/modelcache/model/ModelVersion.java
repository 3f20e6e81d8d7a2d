package io.github.modelcache.model;

import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model at a requested branch, tag or commit. A project may need several versions of one model; the lock pins each.
 *
 * @param revision never empty for a hub model
 */
public record ModelVersion(ModelReference reference, Optional<String> revision) implements Comparable<ModelVersion> {

    private static final Comparator<ModelVersion> ORDER = Comparator.comparing(ModelVersion::reference)
            .thenComparing(version -> version.revision().orElse(""));

    /** The version of a request; hub models default to the branch main. */
    static ModelVersion of(ModelReference reference, Optional<String> asked) {
        boolean hub = reference.scheme().equals("hf");
        return new ModelVersion(reference, hub ? asked.or(() -> Optional.of(HubRepository.DEFAULT_REVISION)) : asked);
    }

    // By hand: each JVM links generated methods of records anew; see docs/dev/architecture.md.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ModelVersion that && reference.equals(that.reference) && revision.equals(that.revision);
    }

    @Override
    public int hashCode() {
        return 31 * reference.hashCode() + revision.hashCode();
    }

    @Override
    public int compareTo(ModelVersion other) {
        return ORDER.compare(this, other);
    }

    /** For messages; omits the default revision. */
    @Override
    public String toString() {
        return reference
                + revision.filter(name -> !name.equals(HubRepository.DEFAULT_REVISION))
                        .map(name -> "@" + name)
                        .orElse("");
    }
}
