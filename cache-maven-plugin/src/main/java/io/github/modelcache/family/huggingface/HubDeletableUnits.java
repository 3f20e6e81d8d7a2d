package io.github.modelcache.family.huggingface;

import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.model.ModelReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The revisions of a repository of a hub cache. A revision is deleted with its refs, its snapshot, its file list and
 * the notes about files that it does not have. Blobs are shared with the other revisions.
 */
record HubDeletableUnits(ModelReference model, Path repository) {
    /** Whether the revisions can be listed. */
    boolean isReadable() {
        try {
            CachedRepository.snapshots(repository);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A unit for each revision; one unit without a revision if there is no revision. */
    List<DeletableUnit> list() throws IOException {
        List<DeletableUnit> units = new ArrayList<>();
        for (Path snapshot : CachedRepository.snapshots(repository)) {
            String commit = String.valueOf(snapshot.getFileName());
            List<Path> parts = CachedRepository.refs(repository, commit);
            parts.add(snapshot);
            parts.add(HubPlaces.tree(repository, commit));
            parts.add(HubPlaces.absent(repository, commit));
            units.add(new DeletableUnit(
                    Optional.of(model), Optional.of(commit), snapshot, parts, Optional.of(repository)));
        }
        if (units.isEmpty()) {
            units.add(new DeletableUnit(
                    Optional.of(model), Optional.empty(), repository, List.of(), Optional.of(repository)));
        }
        return units;
    }
}
