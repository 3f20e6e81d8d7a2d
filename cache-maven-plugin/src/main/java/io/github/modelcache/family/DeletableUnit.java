package io.github.modelcache.family;

import io.github.modelcache.model.ModelReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What of a cache can be deleted as a whole: a revision in a hub cache, a folder, a file.
 *
 * @param model its reference as far as its place tells; empty for what no library is known to have put there
 * @param revision the commit, where a layout keeps several
 * @param place where people find it
 * @param parts what is its own, in the order in which it goes: whoever dies in between leaves nothing that looks whole
 *     and is not. Each part goes with all that lies in it; some may not be there
 * @param repository the folder that holds contents for several holdings, and goes with the last of them
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

    /** A folder or file of which nobody knows what it is. */
    public static DeletableUnit unknown(Path place) {
        return new DeletableUnit(Optional.empty(), Optional.empty(), place, List.of(place), Optional.empty());
    }
}
