package io.github.modelcache.inventory.usage;

import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.family.Layout;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A holding, and what the project wants of it.
 *
 * @param holding what lies there
 * @param root the cache root that it lies in
 * @param layout the layout that knows it; empty for what nobody knows
 * @param model its reference, as the project writes it where it does
 * @param locked what the lock pins there; where several names mean one commit, the files of all of them
 * @param declared whether the config names it, or a model that brings it
 */
public record CachedModel(
        DeletableUnit holding,
        Path root,
        Optional<Layout> layout,
        Optional<ModelReference> model,
        Optional<ResolvedModel> locked,
        boolean declared) {

    /** The lock that builds hold while they bring this model. */
    public Optional<Path> processLock() {
        return layout.flatMap(known -> model.map(known::processLock));
    }
}
