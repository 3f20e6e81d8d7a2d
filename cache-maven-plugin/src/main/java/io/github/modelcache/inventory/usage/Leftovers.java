package io.github.modelcache.inventory.usage;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Recognises partial downloads. A locked file is not one, even if it has such a name. */
public final class Leftovers {

    private final Set<Path> locked = new HashSet<>();

    public Leftovers(CacheConfig config, Lock lock) {
        Layouts layouts = new Layouts(config);
        for (ResolvedModel model : lock.models()) {
            Optional<Layout> layout = layouts.find(model.reference());
            for (ModelFile file : model.files()) {
                // Few files have such a name.
                if (layout.isPresent() && PartialFiles.isCalledPartial(file.path())) {
                    locked.add(layout.get().file(model, file));
                }
            }
        }
    }

    /** Whether a file is a partial download. */
    public boolean has(Path file) {
        return PartialFiles.isPartial(file) && !locked.contains(file);
    }
}
