package io.github.modelcache.inventory.usage;

import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.family.Layout;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A unit of the cache that can be deleted, with its declaration and lock entry.
 *
 * @param layout the layout that knows it; empty for other files
 * @param model its reference, as the project writes it
 * @param locked its lock entry; with the files of all entries for the same commit
 * @param declared whether it is declared or a dependency
 */
public record CachedModel(
        DeletableUnit unit,
        Path root,
        Optional<Layout> layout,
        Optional<ModelReference> model,
        Optional<ResolvedModel> locked,
        boolean declared) {

    /** Whether a library finds files of a locked model here by another name. */
    public boolean isLibraryPlace() {
        return layout.isEmpty() && locked.isPresent();
    }

    /** The process lock that builds hold while they fetch this model. */
    public Optional<Path> processLock() {
        return layout.flatMap(known -> model.map(known::processLock));
    }
}
