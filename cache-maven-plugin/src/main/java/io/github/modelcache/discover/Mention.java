package io.github.modelcache.discover;

import io.github.modelcache.model.ModelReference;
import java.util.List;
import java.util.Optional;

/**
 * A place in the project that mentions a model.
 *
 * @param include the files that it loads; empty means all
 * @param file relative to the project's root folder, with {@code /} between segments
 * @param line from 1; 0 if the file is a cache
 * @param how the call, the command or the setting
 */
public record Mention(
        ModelReference model,
        Optional<String> revision,
        List<String> include,
        String file,
        int line,
        String how,
        Certainty certainty,
        Use use) {

    /** Copies the list. */
    public Mention {
        include = List.copyOf(include);
    }
}
