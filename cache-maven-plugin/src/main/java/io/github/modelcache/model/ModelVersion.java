package io.github.modelcache.model;

import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model at the revision that somebody asks for by name. A project may want several versions of one model: two pipelines
 * that need two tags of it, for example. The lock pins each once.
 *
 * @param reference the model
 * @param revision the branch, tag or commit asked for; that of a hub model is never empty
 */
public record ModelVersion(ModelReference reference, Optional<String> revision) implements Comparable<ModelVersion> {

    private static final Comparator<ModelVersion> ORDER = Comparator.comparing(ModelVersion::reference)
            .thenComparing(version -> version.revision().orElse(""));

    /** The version that a request means. */
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

    /** As people read it; the revision that everybody gets who asks for none is not named. */
    @Override
    public String toString() {
        return reference
                + revision.filter(name -> !name.equals(HubRepository.DEFAULT_REVISION))
                        .map(name -> "@" + name)
                        .orElse("");
    }
}
