package io.github.modelcache.model;

import io.github.modelcache.digest.Digest;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A model at an exact revision, with its files. The lock holds complete ones.
 *
 * @param request the request that was resolved
 * @param revision a commit, the version of a package, or a digest
 * @param gated whether users must accept terms at the source before they can fetch it
 * @param branch the branch that the source chose by default, if it decides where the files are stored
 * @param files sorted by path
 * @param dependencies the dependencies, such as the models of a pipeline
 * @param manifest the digest of its manifest in a registry, if it was pushed
 * @param formerLicense the license of an earlier pin, until somebody accepts the new one
 */
public record ResolvedModel(
        ModelReference reference,
        ModelRequest request,
        String revision,
        Optional<String> license,
        boolean gated,
        Optional<String> branch,
        List<ModelFile> files,
        List<ModelDeclaration> dependencies,
        Optional<Digest> manifest,
        Optional<String> formerLicense) {

    /** Copies the lists. */
    public ResolvedModel {
        files = List.copyOf(files);
        dependencies = List.copyOf(dependencies);
    }

    /** A model that was not pushed to a registry. */
    public ResolvedModel(
            ModelReference reference,
            ModelRequest request,
            String revision,
            Optional<String> license,
            boolean gated,
            Optional<String> branch,
            List<ModelFile> files,
            List<ModelDeclaration> dependencies) {
        this(
                reference,
                request,
                revision,
                license,
                gated,
                branch,
                files,
                dependencies,
                Optional.empty(),
                Optional.empty());
    }

    /** A model without a branch and without dependencies. */
    public ResolvedModel(
            ModelReference reference,
            ModelRequest request,
            String revision,
            Optional<String> license,
            boolean gated,
            List<ModelFile> files) {
        this(reference, request, revision, license, gated, Optional.empty(), files, List.of());
    }

    /** A model that is one file. */
    public static ResolvedModel ofFile(
            ModelDeclaration declaration, String revision, Optional<String> license, ModelFile file) {
        return new ResolvedModel(
                declaration.reference(), declaration.request(), revision, license, false, List.of(file));
    }

    /** The model at the requested revision. */
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

    /** The same model with the files of another version that is stored in the same folder. */
    public ResolvedModel with(ResolvedModel other) {
        SortedMap<String, ModelFile> both = new TreeMap<>();
        files.forEach(file -> both.put(file.path(), file));
        other.files().forEach(file -> both.putIfAbsent(file.path(), file));
        return withFiles(List.copyOf(both.values()));
    }

    /** The same model with other files. */
    public ResolvedModel withFiles(List<ModelFile> others) {
        return copy(revision, others, manifest, formerLicense);
    }

    /** The same model at another exact revision. */
    public ResolvedModel at(String exact) {
        return copy(exact, files, Optional.empty(), formerLicense);
    }

    /** The same model with the digest of its manifest in a registry. */
    public ResolvedModel pushed(Digest digest) {
        return copy(revision, files, Optional.of(digest), formerLicense);
    }

    /** The same model as the successor of an earlier pin: a change of the license is noted until it is accepted. */
    public ResolvedModel after(ResolvedModel earlier) {
        Optional<String> former =
                earlier.formerLicense().or(earlier::license).filter(name -> !license.equals(Optional.of(name)));
        return copy(revision, files, manifest, former);
    }

    private ResolvedModel copy(
            String newRevision, List<ModelFile> newFiles, Optional<Digest> newManifest, Optional<String> former) {
        return new ResolvedModel(
                reference, request, newRevision, license, gated, branch, newFiles, dependencies, newManifest, former);
    }
}
