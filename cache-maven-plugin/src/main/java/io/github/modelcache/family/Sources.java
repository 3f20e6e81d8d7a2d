package io.github.modelcache.family;

import io.github.modelcache.model.ModelReference;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Which source has which models. */
public final class Sources {

    private final Map<String, Source> byScheme;

    /** The sources by the scheme of the references they answer for. */
    public Sources(Map<String, Source> byScheme) {
        this.byScheme = new TreeMap<>(byScheme);
    }

    /**
     * The source of a model.
     *
     * @throws ModelException when no source knows its scheme
     */
    public Source of(ModelReference reference) throws ModelException {
        Source source = byScheme.get(reference.scheme());
        if (source == null) {
            throw new ModelException(reference + ": models of the kind '" + reference.scheme()
                    + ":' are not known to this plugin; it knows " + String.join(":, ", byScheme.keySet()) + ":");
        }
        return source;
    }

    /** The same sources, each behind something that is asked first. */
    public Sources behind(UnaryOperator<Source> first) {
        Map<String, Source> wrapped = new TreeMap<>();
        byScheme.forEach((scheme, source) -> wrapped.put(scheme, first.apply(source)));
        return new Sources(wrapped);
    }
}
