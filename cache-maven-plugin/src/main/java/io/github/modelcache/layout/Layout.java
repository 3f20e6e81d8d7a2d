package io.github.modelcache.layout;

import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Path;

/** How one family of libraries keeps its models below a cache root. */
public interface Layout {

    /** The cache root that holds the models of this layout. */
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
    Path partial(ResolvedModel model, ModelFile file);

    /** Puts checked bytes where libraries find them, in one step: nobody ever sees half a file. */
    void publish(ResolvedModel model, ModelFile file, Path partial) throws IOException;

    /** Finishes a model of which every file is published. */
    default void complete(ResolvedModel model) throws IOException {}
}
