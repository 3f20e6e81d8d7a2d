package io.github.modelcache.registry.image;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.inventory.ModelTree;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.units.TextSanitizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A model in an image.
 *
 * @param folder below the root of the image, such as {@code models/tiny}
 * @param files sorted by name
 */
record ImageModel(ResolvedModel model, String folder, List<Entry> files) {

    /** The folder that holds one model's files, or a folder for each of several models; KServe expects this name. */
    static final String ROOT = "models";

    private static final String WHITEOUT = ".wh.";

    ImageModel {
        files = List.copyOf(files);
    }

    /**
     * A file.
     *
     * @param name below the root of the image
     * @param source where it lies in the cache
     */
    record Entry(String name, Path source, ModelFile file) {}

    /**
     * A model in a folder of an image.
     *
     * @throws IllegalArgumentException if a file's name can't be in an image
     */
    static ImageModel of(ResolvedModel model, String folder, Layouts layouts) {
        List<Entry> entries = new ArrayList<>();
        for (ModelTree.Entry entry : ModelTree.of(model, layouts)) {
            requireName(model, entry.name());
            entries.add(new Entry(folder + "/" + entry.name(), entry.source(), entry.file()));
        }
        entries.sort(Comparator.comparing(Entry::name));
        return new ImageModel(model, folder, entries);
    }

    private static void requireName(ResolvedModel model, String name) {
        Optional<String> problem = SafeRelativePath.problem(name);
        if (problem.isEmpty() && (name.startsWith(WHITEOUT) || name.contains("/" + WHITEOUT))) {
            problem = Optional.of("begins with .wh., which deletes a file in an image");
        }
        if (problem.isPresent()) {
            throw new IllegalArgumentException(model.reference() + " can't be in an image: the file name '"
                    + TextSanitizer.text(name) + "' " + problem.get() + ". Exclude the file, or push with"
                    + " -Dcache.push.format=modelpack");
        }
    }
}
