package io.github.modelcache.model;

import io.github.modelcache.digest.Digest;
import java.util.List;
import java.util.Optional;

/**
 * One entry of {@code cache.models} in the config.
 *
 * @param reference the model
 * @param revision the branch, tag or commit asked for
 * @param include patterns of the files to fetch; empty means all
 * @param exclude patterns of the files to leave out
 * @param optional whether a build continues without the model
 * @param sha256 the digest the one file of this model must have
 * @param to the path of the file below its cache root
 * @param form how programs call the model, and in which form they want it
 */
public record ModelDeclaration(
        ModelReference reference,
        Optional<String> revision,
        List<String> include,
        List<String> exclude,
        boolean optional,
        Optional<Digest> sha256,
        Optional<String> to,
        ModelForm form) {

    /** Copies the lists. */
    public ModelDeclaration {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    /** A declaration of a model in its usual form. */
    public ModelDeclaration(
            ModelReference reference,
            Optional<String> revision,
            List<String> include,
            List<String> exclude,
            boolean optional,
            Optional<Digest> sha256,
            Optional<String> to) {
        this(reference, revision, include, exclude, optional, sha256, to, ModelForm.USUAL);
    }

    /** A declaration that names the model and nothing else. */
    public static ModelDeclaration of(ModelReference reference) {
        return new ModelDeclaration(
                reference, Optional.empty(), List.of(), List.of(), false, Optional.empty(), Optional.empty());
    }

    /** The same declaration with another {@code optional}. */
    public ModelDeclaration optional(boolean may) {
        return new ModelDeclaration(reference, revision, include, exclude, may, sha256, to, form);
    }

    /** The same declaration of another revision. */
    public ModelDeclaration at(Optional<String> otherRevision) {
        return new ModelDeclaration(reference, otherRevision, include, exclude, optional, sha256, to, form);
    }

    /** The same declaration in another form. */
    public ModelDeclaration in(ModelForm other) {
        return new ModelDeclaration(reference, revision, include, exclude, optional, sha256, to, other);
    }

    /** The same declaration of all files. */
    ModelDeclaration whole() {
        return new ModelDeclaration(reference, revision, List.of(), List.of(), optional, sha256, to, form);
    }

    /** Whether it asks for all files. */
    public boolean isWhole() {
        return include.isEmpty() && exclude.isEmpty();
    }

    /** The model at the revision that is asked for. */
    public ModelVersion version() {
        return ModelVersion.of(reference, revision);
    }

    /** What of this declaration decides which files are meant. */
    public ModelRequest request() {
        return new ModelRequest(revision, include, exclude, to, form.unpack(), form.links());
    }
}
