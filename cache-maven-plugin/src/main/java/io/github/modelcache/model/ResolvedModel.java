package io.github.modelcache.model;

import io.github.modelcache.digest.Digest;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a declaration stands for: an exact revision and its files. The lock holds complete ones.
 *
 * @param reference the model
 * @param request what was asked for when it was resolved
 * @param revision the exact version: a commit, the version of a package, a digest
 * @param license the licence its source names
 * @param gated whether its source gives it only to those who accepted its terms
 * @param branch the branch that its source chose where none was asked for, if that decides where the files go
 * @param files sorted by path
 * @param brings the models that this one names and cannot do without, as a pipeline does
 * @param manifest under which digest a registry has it, once it was pushed to one
 */
public record ResolvedModel(
        ModelReference reference,
        ModelRequest request,
        String revision,
        Optional<String> license,
        boolean gated,
        Optional<String> branch,
        List<ModelFile> files,
        List<ModelDeclaration> brings,
        Optional<Digest> manifest) {

    /** Copies the lists. */
    public ResolvedModel {
        files = List.copyOf(files);
        brings = List.copyOf(brings);
    }

    /** A model that was pushed to no registry. */
    public ResolvedModel(
            ModelReference reference,
            ModelRequest request,
            String revision,
            Optional<String> license,
            boolean gated,
            Optional<String> branch,
            List<ModelFile> files,
            List<ModelDeclaration> brings) {
        this(reference, request, revision, license, gated, branch, files, brings, Optional.empty());
    }

    /** A model whose place does not depend on a branch, and that names no others. */
    public ResolvedModel(
            ModelReference reference,
            ModelRequest request,
            String revision,
            Optional<String> license,
            boolean gated,
            List<ModelFile> files) {
        this(reference, request, revision, license, gated, Optional.empty(), files, List.of());
    }

    /** The model at the revision that was asked for. */
    public ModelVersion version() {
        return ModelVersion.of(reference, request.revision());
    }

    /** Whether the lock may hold it: every file's size and digest are known. */
    public boolean complete() {
        return files.stream().allMatch(ModelFile::complete);
    }

    /** The sum of the known sizes, in bytes. */
    public long bytes() {
        return files.stream()
                .mapToLong(ModelFile::size)
                .filter(size -> size > 0)
                .sum();
    }

    /** The same model with what another version has that lies in the same place. */
    public ResolvedModel with(ResolvedModel other) {
        SortedMap<String, ModelFile> both = new TreeMap<>();
        files.forEach(file -> both.put(file.path(), file));
        other.files().forEach(file -> both.putIfAbsent(file.path(), file));
        return withFiles(List.copyOf(both.values()));
    }

    /** The same model with other facts about its files. */
    public ResolvedModel withFiles(List<ModelFile> others) {
        return new ResolvedModel(reference, request, revision, license, gated, branch, others, brings, manifest);
    }

    /** The same model at a revision that its source could not tell before. */
    public ResolvedModel at(String exact) {
        return new ResolvedModel(reference, request, exact, license, gated, branch, files, brings);
    }

    /** The same model, which a registry has under this digest. */
    public ResolvedModel pushed(Digest digest) {
        return new ResolvedModel(
                reference, request, revision, license, gated, branch, files, brings, Optional.of(digest));
    }
}
