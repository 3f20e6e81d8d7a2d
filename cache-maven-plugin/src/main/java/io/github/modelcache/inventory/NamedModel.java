package io.github.modelcache.inventory;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelNames;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.units.NearestName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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

    /**
     * The declared models that a user chose.
     *
     * @param parameter that named them, for the message
     * @param names names or references; none means all
     * @throws IllegalArgumentException when no model has one of the names, or two models have the same name
     */
    public static List<NamedModel> chosen(CacheConfig config, Lock lock, String parameter, List<String> names) {
        List<NamedModel> models = of(config, lock);
        List<NamedModel> chosen = models.stream()
                .filter(model -> names.isEmpty() || !Collections.disjoint(names, model.names()))
                .toList();
        Set<String> unknown = new TreeSet<>(names);
        chosen.forEach(model -> unknown.removeAll(model.names()));
        if (!unknown.isEmpty()) {
            Set<String> known = models.stream().map(NamedModel::name).collect(Collectors.toCollection(TreeSet::new));
            String name = unknown.iterator().next();
            throw new IllegalArgumentException(parameter + " has '" + name + "', which is not declared; "
                    + NearestName.of(name, known)
                            .map(near -> "did you mean " + near + "?")
                            .orElse("the declared models are: "
                                    + (known.isEmpty() ? "none" : String.join(", ", known))));
        }
        return chosen;
    }

    private Set<String> names() {
        return Set.of(name, declaration.version().toString());
    }

    /** The name of its property. */
    public String property() {
        return PROPERTY + name;
    }
}
