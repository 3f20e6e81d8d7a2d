package io.github.modelcache.inventory;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.family.Layout;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of a model as a tree of plain files, as copies and images have it. */
public final class ModelTree {

    private ModelTree() {}

    /**
     * A file of the tree.
     *
     * @param name relative to the model's folder, with {@code /} between segments
     * @param source where it lies in the cache
     */
    public record Entry(String name, Path source, ModelFile file) {}

    /**
     * The files of a model.
     *
     * @throws IllegalArgumentException when no layout knows its scheme
     */
    public static List<Entry> of(ResolvedModel model, Layouts layouts) {
        Layout layout = layouts.of(model);
        Path place = layouts.path(model);
        List<Entry> entries = new ArrayList<>();
        for (ModelFile file : model.files()) {
            Path source = layout.file(model, file);
            Path name = source.equals(place) ? source.getFileName() : place.relativize(source);
            String separator = place.getFileSystem().getSeparator();
            entries.add(new Entry(name.toString().replace(separator, "/"), source, file));
        }
        return entries;
    }
}
