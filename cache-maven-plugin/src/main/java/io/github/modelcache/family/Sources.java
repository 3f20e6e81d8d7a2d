package io.github.modelcache.family;

import io.github.modelcache.model.ModelReference;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The sources of models by scheme. */
public final class Sources {

    private final Map<String, Source> byScheme;

    /** Sources by the scheme of their references. */
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
            throw new ModelException("Unsupported scheme \"" + reference.scheme() + ":\" of " + reference
                    + "; use one of " + String.join(":, ", byScheme.keySet()) + ":");
        }
        return source;
    }

    /** The same sources, each wrapped. */
    public Sources wrapped(UnaryOperator<Source> first) {
        Map<String, Source> wrapped = new TreeMap<>();
        byScheme.forEach((scheme, source) -> wrapped.put(scheme, first.apply(source)));
        return new Sources(wrapped);
    }
}
