package io.github.modelcache.verify.checks;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Layout;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.nio.file.Path;
import java.util.Optional;

/** Tells which files belong to models that the project declares. It looks through all of them, so ask of few files. */
final class DeclaredFiles {

    private final CacheConfig config;
    private final Lock lock;
    private final Layouts layouts;

    DeclaredFiles(CacheConfig config, Lock lock) {
        this.config = config;
        this.lock = lock;
        this.layouts = new Layouts(config);
    }

    /** The declared model that this file belongs to. */
    Optional<ModelReference> owner(Path file) {
        for (ModelDeclaration declaration : lock.withDependencies(config.models())) {
            Optional<ResolvedModel> model = lock.find(declaration);
            Optional<Layout> layout = layouts.find(declaration.reference());
            if (model.isPresent() && layout.isPresent() && layout.get().owns(model.get(), file)) {
                return Optional.of(declaration.reference());
            }
        }
        return Optional.empty();
    }

    /** What to delete to remove a file of no declared model: the folder of its model, or the file itself. */
    Path unit(Path file) {
        return layouts.all().stream()
                .flatMap(layout -> layout.modelFolder(file).stream())
                .findFirst()
                .filter(folder -> !isOfDeclared(folder))
                .orElse(file);
    }

    /** Whether a declared model lies in this folder; of a hub repository, perhaps at another revision. */
    private boolean isOfDeclared(Path folder) {
        return lock.withDependencies(config.models()).stream()
                .map(lock::find)
                .flatMap(Optional::stream)
                .anyMatch(model -> layouts.find(model.reference()).isPresent()
                        && layouts.of(model).folder(model).equals(folder));
    }
}
