package io.github.modelcache.catalog;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.ModelFamily;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Which layout keeps which models. */
public final class Layouts {

    private final Map<String, Layout> byScheme = new TreeMap<>();
    private final Map<List<Object>, Layout> byRoot = new LinkedHashMap<>();

    /** The layouts of a project's cache roots. */
    public Layouts(CacheConfig config) {
        for (ModelFamily family : ModelFamilies.ALL) {
            Layout layout = family.layout().apply(config);
            Layout shared = byRoot.computeIfAbsent(List.of(layout.getClass(), layout.root()), key -> layout);
            byScheme.put(family.scheme(), shared);
        }
    }

    /** All of them. */
    public List<Layout> all() {
        return List.copyOf(byRoot.values());
    }

    /** That of the model hub. */
    public Layout hub() {
        return Objects.requireNonNull(byScheme.get("hf"));
    }

    /** The layout of a kind of model, if this plugin knows it. */
    public Optional<Layout> find(ModelReference reference) {
        return Optional.ofNullable(byScheme.get(reference.scheme()));
    }

    /**
     * The layout of a resolved model.
     *
     * @throws IllegalArgumentException when no layout knows its scheme
     */
    public Layout of(ResolvedModel model) {
        return find(model.reference())
                .orElseThrow(() -> new IllegalArgumentException(
                        "models of the kind '" + model.reference().scheme() + ":' are not known to this plugin"));
    }

    /**
     * What a program opens: the model's one file, or the folder that holds its files and no other model's.
     *
     * @throws IllegalArgumentException when no layout knows its scheme
     */
    public Path path(ResolvedModel model) {
        Layout layout = of(model);
        return model.files().size() == 1 ? layout.file(model, model.files().get(0)) : layout.place(model);
    }
}
