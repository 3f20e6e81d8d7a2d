package io.github.modelcache.family;

import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ResolvedModel;
import java.util.Optional;

/** One place where models come from. */
public interface Source {

    /**
     * Resolves a declaration. A size or digest that only the content tells is unknown.
     *
     * @throws ModelException when the model cannot be resolved or fetched; the message says what to do next
     */
    ResolvedModel resolve(ModelDeclaration declaration) throws ModelException;

    /**
     * The model with the sizes of files that only lack those, asked without fetching them; what can't be learned that way
     * is unknown.
     *
     * @throws ModelException if Maven is offline
     */
    default ResolvedModel measured(ResolvedModel model) throws ModelException {
        return model;
    }

    /**
     * The newest version of a locked model. Sends at most two requests, none for its files.
     *
     * @return empty if the source can't tell
     * @throws ModelException when the source does not answer, or does not know the model
     */
    default Optional<LatestVersion> latest(ModelDeclaration declaration, ResolvedModel locked) throws ModelException {
        return Optional.empty();
    }

    /**
     * Opens a resolved model for fetching its files.
     *
     * @throws ModelException when the model cannot be resolved or fetched; the message says what to do next
     */
    ModelContent open(ResolvedModel model) throws ModelException;

    /** Deletes downloaded archives of the model, which is complete in the cache. */
    default void release(ResolvedModel model) {}

    /**
     * The step after which a library finds a fetched model, as a phrase such as "install it with ..."; empty if no step is
     * needed.
     *
     * @param folder the folder of the files as it is shown to users
     */
    default Optional<String> nextStep(ResolvedModel model, String folder) {
        return Optional.empty();
    }
}
