package io.github.modelcache.registry.image;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.inventory.NamedModel;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelNames;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.oci.RegistryAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The models of an image: those that the user chose, and their dependencies. */
public final class ImageSelection {

    private final CacheConfig config;
    private final Lock lock;

    ImageSelection(CacheConfig config, Lock lock) {
        this.config = config;
        this.lock = lock;
    }

    /**
     * A chosen model.
     *
     * @param name of its folder
     * @param model its lock entry; empty if it is not locked as declared
     */
    record Chosen(String name, ModelDeclaration declaration, Optional<ResolvedModel> model) {}

    /**
     * The name of the image that a pull asks for.
     *
     * @param given the user's name; the usual name stands for all locked models
     * @return empty if two models have the same name, so that no image can have both
     * @throws IOException if the lock can't be read
     * @throws IllegalArgumentException if registries don't allow the user's name
     */
    public static Optional<ImageName> name(
            RegistryAddress registry, Optional<String> given, CacheConfig config, LockFile lockFile)
            throws IOException {
        Map<String, ResolvedModel> locked = new LinkedHashMap<>();
        try {
            for (Chosen each : new ImageSelection(config, lockFile.read()).models(List.of())) {
                each.model().ifPresent(model -> locked.put(each.name(), model));
            }
        } catch (LockException e) {
            throw new IOException(e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return Optional.of(ImageName.of(registry, given, locked));
    }

    /**
     * The chosen models.
     *
     * @param names names or references; none means all
     * @throws IllegalArgumentException when no model has one of the names, or two models have the same name
     */
    List<Chosen> models(List<String> names) {
        List<ModelDeclaration> declared = NamedModel.chosen(config, lock, "cache.push.models", names).stream()
                .map(NamedModel::declaration)
                .toList();
        List<ModelDeclaration> wanted = lock.withDependencies(declared);
        List<Chosen> chosen = new ArrayList<>();
        ModelNames.of(lock.withDependencies(config.models())).forEach((name, declaration) -> {
            if (wanted.stream().anyMatch(each -> each.version().equals(declaration.version()))) {
                chosen.add(new Chosen(name, declaration, lock.find(declaration)));
            }
        });
        return chosen;
    }
}
