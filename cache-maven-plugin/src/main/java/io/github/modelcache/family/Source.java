package io.github.modelcache.family;

import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ResolvedModel;
import java.util.Optional;

/** One place where models come from. */
public interface Source {

    /**
     * What a declaration stands for right now. Files whose size or digest only their content tells are left without.
     *
     * @throws ModelException when the model cannot be resolved or fetched; the message says what to do next
     */
    ResolvedModel resolve(ModelDeclaration declaration) throws ModelException;

    /**
     * The model with the sizes of files that only lack those, asked without fetching them; what can't be learned that way
     * stays unknown.
     *
     * @throws ModelException when nobody may be asked
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

    /** The model is complete in the cache: what was kept to unpack it from may go. */
    default void release(ResolvedModel model) {}

    /**
     * What a person has to do before a library finds a model that was fetched just now, as a phrase such as "install it
     * with ..."; empty where it finds it by itself.
     *
     * @param folder where the files lie, as people read it
     */
    default Optional<String> nextStep(ResolvedModel model, String folder) {
        return Optional.empty();
    }
}
