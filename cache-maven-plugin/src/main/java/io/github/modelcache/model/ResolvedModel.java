package io.github.modelcache.model;

import java.util.List;
import java.util.Optional;

/**
 * What a declaration stands for: an exact revision and its files. The lock holds complete ones.
 *
 * @param reference the model
 * @param request what was asked for when it was resolved
 * @param revision the exact version: a commit, a Maven version, a digest
 * @param license the licence its source names
 * @param files sorted by path
 */
public record ResolvedModel(
        ModelReference reference,
        ModelRequest request,
        String revision,
        Optional<String> license,
        List<ModelFile> files) {

    /** Copies the files. */
    public ResolvedModel {
        files = List.copyOf(files);
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

    /** The same model with other facts about its files. */
    public ResolvedModel withFiles(List<ModelFile> others) {
        return new ResolvedModel(reference, request, revision, license, others);
    }
}
