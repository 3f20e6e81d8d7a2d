package io.github.modelcache.layout;

import io.github.modelcache.io.AtomicFiles;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** How one family of libraries keeps its models below a cache root. */
public interface Layout {

    /** The folder that holds the models of this layout. */
    Path root();

    /** The folder that people would look into for this model. */
    Path folder(ResolvedModel model);

    /**
     * Where a library reads this file.
     *
     * @throws IllegalArgumentException when the file's name would leave the model's folder
     */
    Path file(ResolvedModel model, ModelFile file);

    /** Where the file's bytes gather until they are complete and checked; the same in every run, so that it resumes. */
    default Path partial(ResolvedModel model, ModelFile file) {
        return PartialFiles.beside(file(model, file), file.url(), file.digest());
    }

    /** Puts checked bytes where libraries find them, in one step: nobody ever sees half a file. */
    default void publish(ResolvedModel model, ModelFile file, Path partial) throws IOException {
        AtomicFiles.publish(partial, file(model, file));
    }

    /** Where the cache may hold this very content already, brought for another revision or by another program. */
    default Optional<Path> content(ResolvedModel model, ModelFile file) {
        return Optional.empty();
    }

    /** Lets libraries find a content that {@link #content} named. */
    default void adopt(ResolvedModel model, ModelFile file) throws IOException {
        throw new IllegalStateException("this layout keeps each file in one place");
    }

    /** Finishes a model of which every file is published. */
    default void complete(ResolvedModel model) throws IOException {}

    /** The models that lie below the root, declared or not, with their folder or file. */
    default Map<ModelReference, Path> found() throws IOException {
        return Map.of();
    }
}
