package io.github.modelcache.discover;

import io.github.modelcache.model.ModelReference;
import java.util.List;
import java.util.Optional;

/**
 * A model that a text in a source names.
 *
 * @param include the files that it names; empty means all
 */
record NamedModel(ModelReference reference, Optional<String> revision, List<String> include) {

    static Optional<NamedModel> of(String scheme, String id) {
        return Optional.of(new NamedModel(new ModelReference(scheme, id), Optional.empty(), List.of()));
    }

    NamedModel at(String otherRevision) {
        return new NamedModel(reference, Optional.of(otherRevision), include);
    }
}
