package io.github.modelcache.inventory.usage;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Messages;
import java.io.IOException;
import java.util.Optional;

/** Decides which models can be pushed: those all of whose files are in the cache as the lock says. */
public record CompleteModels(Layouts layouts, ContentDigests digests, Messages messages) {

    /**
     * A model that can be pushed.
     *
     * @param locked the model as the lock has it; empty if it is not locked as it is declared
     * @return empty if an optional model is not complete, which is a warning
     * @throws ModelException if another model is not complete
     */
    public Optional<ResolvedModel> complete(ModelDeclaration declaration, Optional<ResolvedModel> locked)
            throws ModelException, IOException {
        Optional<String> problem = locked.isEmpty()
                ? Optional.of(declaration.reference() + " is not in the lock as it is declared")
                : new ModelFiles(layouts.of(locked.get()), digests).incomplete(locked.get());
        if (problem.isEmpty()) {
            return locked;
        }
        if (!declaration.optional()) {
            throw new ModelException(problem.get() + "; run mvn cache:download, then push");
        }
        messages.warn(problem.get() + "; the model is optional and not pushed");
        return Optional.empty();
    }

    /** Warns if the terms of a model apply to whoever reads it. */
    public void warnIfGated(ResolvedModel model, Object registry) {
        if (model.gated()) {
            messages.warn(model.reference() + " is gated at its source; everybody who can read " + registry
                    + " gets it without accepting its terms");
        }
    }
}
