package io.github.modelcache.family;

import io.github.modelcache.model.ModelReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A part of a cache that is deleted as a whole: a revision in a hub cache, a folder, a file.
 *
 * @param model the reference that the path stands for; empty if it is not the path of a known library
 * @param revision the commit, if the layout has several revisions of a model
 * @param place the path that is shown to users
 * @param parts files and folders that only this unit uses, in the order of deletion: an interrupted deletion leaves no
 *     incomplete model that looks complete. Some may be missing
 * @param repository the folder with the contents that several units share; it is deleted with the last of them
 */
public record DeletableUnit(
        Optional<ModelReference> model,
        Optional<String> revision,
        Path place,
        List<Path> parts,
        Optional<Path> repository) {

    /** Copies the list. */
    public DeletableUnit {
        parts = List.copyOf(parts);
    }

    /** A model that is one folder or one file. */
    public static DeletableUnit of(ModelReference model, Path place) {
        return new DeletableUnit(Optional.of(model), Optional.empty(), place, List.of(place), Optional.empty());
    }

    /** A folder or file that is not a model. */
    public static DeletableUnit unknown(Path place) {
        return new DeletableUnit(Optional.empty(), Optional.empty(), place, List.of(place), Optional.empty());
    }
}
