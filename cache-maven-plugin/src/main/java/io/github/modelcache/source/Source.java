package io.github.modelcache.source;

import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ResolvedModel;

/** One place where models come from. */
public interface Source {

    /**
     * What a declaration stands for right now. Files whose size or digest only their content tells are left without.
     *
     * @throws ModelException when the model can't be had; the message says what to do next
     */
    ResolvedModel resolve(ModelDeclaration declaration) throws ModelException;

    /**
     * Opens a resolved model for fetching its files.
     *
     * @throws ModelException when the model can't be had; the message says what to do next
     */
    ModelContent open(ResolvedModel model) throws ModelException;
}
