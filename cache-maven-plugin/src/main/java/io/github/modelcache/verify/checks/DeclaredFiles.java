package io.github.modelcache.verify.checks;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.families.Layouts;
import io.github.modelcache.family.HubPlaces;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.huggingface.HubLayout;
import io.github.modelcache.family.torch.TorchHubLayout;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.TorchHubRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Tells which files belong to models that the project declares. It looks through all of them, so ask of few files. */
final class DeclaredFiles {

    private final CacheConfig config;
    private final Lock lock;
    private final Layouts layouts;
    private final HubPlaces places;

    DeclaredFiles(CacheConfig config, Lock lock) {
        this.config = config;
        this.lock = lock;
        this.layouts = new Layouts(config);
        this.places = new HubPlaces(layouts.hub().root());
    }

    /** The declared model that this file belongs to. */
    Optional<ModelReference> owner(Path file) {
        for (ModelDeclaration declaration : lock.wanted(config.models())) {
            Optional<ResolvedModel> model = lock.find(declaration);
            Optional<Layout> layout = layouts.find(declaration.reference());
            if (model.isPresent() && layout.isPresent() && has(layout.get(), model.get(), file)) {
                return Optional.of(declaration.reference());
            }
        }
        return Optional.empty();
    }

    private static boolean leadsTo(Path link, Path file) {
        try {
            return Files.isSameFile(link, file);
        } catch (IOException e) {
            return false; // missing, or it leads nowhere
        }
    }

    /** What to delete so that this file, which no declared model has, is gone with nothing left that needs it. */
    Path unit(Path file) {
        if (isStored(file)) {
            return file;
        }
        Optional<Path> repository = HubPlaces.repositoryAround(file).or(() -> torchRepository(file));
        return repository.filter(folder -> !isOfDeclared(folder)).orElse(file);
    }

    /** Whether a declared model lies in this folder; of a hub repository, perhaps at another revision. */
    private boolean isOfDeclared(Path folder) {
        return lock.wanted(config.models()).stream()
                .map(lock::find)
                .flatMap(Optional::stream)
                .anyMatch(model -> layouts.find(model.reference()).isPresent()
                        && layouts.of(model).folder(model).equals(folder));
    }

    private Optional<Path> torchRepository(Path file) {
        for (Layout layout : layouts.all()) {
            if (layout instanceof TorchHubLayout && file.startsWith(layout.root())) {
                Path folder =
                        layout.root().resolve(layout.root().relativize(file).getName(0));
                return Optional.of(folder)
                        .filter(found -> TorchHubRepository.ofFolder(String.valueOf(found.getFileName()))
                                .isPresent());
            }
        }
        return Optional.empty();
    }

    /** Whether it lies in the store that repositories share. */
    private boolean isStored(Path file) {
        return places.hold(file)
                && places.of(file.resolveSibling(".").normalize()).kind() == HubPlaces.Kind.STORE;
    }

    private boolean has(Layout layout, ResolvedModel model, Path file) {
        boolean hub = layout instanceof HubLayout;
        if (hub && isStored(file)) {
            return model.files().stream().anyMatch(candidate -> leadsTo(layout.file(model, candidate), file));
        }
        if (!file.startsWith(layout.folder(model))) {
            return false;
        }
        boolean blob = hub && file.startsWith(HubPlaces.blobs(layout.folder(model)));
        for (ModelFile candidate : model.files()) {
            boolean named = blob
                    ? candidate
                            .digest()
                            .map(HubPlaces::blobName)
                            .equals(Optional.of(file.getFileName().toString()))
                    : layout.file(model, candidate).equals(file);
            if (named) {
                return true;
            }
        }
        return false;
    }
}
