package io.github.modelcache.inventory;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.families.Layouts;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelNames;
import io.github.modelcache.model.ResolvedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A declared model under the name that programs use.
 *
 * @param name unique among the declared models, in any letter case
 * @param model its lock entry; empty if it is not locked as declared
 * @param path the model's only file, or its folder, which may be missing; empty if it is not locked
 */
public record NamedModel(
        String name, ModelDeclaration declaration, Optional<ResolvedModel> model, Optional<Path> path) {

    /** The prefix of a model's property and system property, before its name. */
    public static final String PROPERTY = "cache.model.";

    /**
     * The declared models, in the order of the config.
     *
     * @throws IllegalArgumentException when two have the same name
     */
    public static List<NamedModel> of(CacheConfig config, Lock lock) {
        Layouts layouts = new Layouts(config);
        List<NamedModel> models = new ArrayList<>();
        ModelNames.of(config.models()).forEach((name, declaration) -> {
            Optional<ResolvedModel> model = lock.find(declaration)
                    .filter(found -> layouts.find(found.reference()).isPresent());
            models.add(new NamedModel(name, declaration, model, model.map(layouts::path)));
        });
        return models;
    }

    /** The name of its property. */
    public String property() {
        return PROPERTY + name;
    }
}
