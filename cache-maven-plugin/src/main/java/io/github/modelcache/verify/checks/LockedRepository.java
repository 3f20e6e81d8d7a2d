package io.github.modelcache.verify.checks;

import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The part of a hub repository that was compared with the lock file: each locked file that is there, and the blob that it
 * links to. A blob that only has the right name was not compared.
 */
final class LockedRepository {

    /** The size of a blob that is not locked. */
    static final long ABSENT = -1;

    private final Path folder;
    private final List<Commit> commits;
    private final Map<String, Long> blobs = new HashMap<>();
    private final Set<String> skipped = new TreeSet<>();
    private final Set<String> linked = new HashSet<>();

    /** The locked files of one commit. */
    private record Commit(Path snapshot, List<ModelFile> files, Set<String> paths) {}

    /**
     * The locked files of a repository.
     *
     * @param models the locked versions of its model
     */
    LockedRepository(Path folder, List<ResolvedModel> models) {
        this.folder = folder;
        commits = models.stream()
                .map(model -> new Commit(
                        HubPlaces.snapshot(folder, model.revision()),
                        model.files(),
                        model.files().stream().map(ModelFile::path).collect(Collectors.toSet())))
                .toList();
        for (ResolvedModel model : models) {
            for (ModelFile file : model.files()) {
                file.digest().ifPresent(digest -> blobs.put(HubPlaces.blobName(digest), file.size()));
            }
        }
    }

    /** The size that a blob of this name must have, or {@link #ABSENT}. */
    long size(String blobName) {
        return blobs.getOrDefault(blobName, ABSENT);
    }

    /** Whether a blob has the name of a locked file, and so was compared if a link of the locked commit leads to it. */
    boolean skips(String blobName) {
        boolean locked = blobs.containsKey(blobName);
        if (locked) {
            skipped.add(blobName);
        }
        return locked;
    }

    /** Reads which blobs the links of the locked commits lead to. */
    void follow() {
        if (skipped.isEmpty()) {
            return;
        }
        for (Commit commit : commits) {
            for (ModelFile file : commit.files()) {
                file.digest()
                        .map(HubPlaces::blobName)
                        .filter(name -> target(commit, file)
                                .equals(Optional.of(HubPlaces.blobs(folder).resolve(name))))
                        .ifPresent(linked::add);
            }
        }
    }

    /** The target of a locked file's link; empty where it is missing, or no link. */
    private static Optional<Path> target(Commit commit, ModelFile file) {
        Path link = SafeRelativePath.resolve(commit.snapshot(), file.path());
        try {
            return Optional.of(link.resolveSibling(Files.readSymbolicLink(link)).normalize());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** Whether a blob was compared with the lock file; known after {@link #follow}. */
    boolean covers(String blobName) {
        return linked.contains(blobName);
    }

    /** The names of the skipped blobs that no link of the locked commits leads to. */
    List<String> unchecked() {
        return skipped.stream().filter(name -> !linked.contains(name)).toList();
    }

    /** Whether a real file of a snapshot was compared with the lock file. */
    boolean coversFile(Path snapshot, Path file) {
        return commits.stream()
                .filter(commit -> commit.snapshot().equals(snapshot))
                .anyMatch(commit -> commit.paths().contains(HubPlaces.nameIn(snapshot, file)));
    }

    /** The blobs that the locked files link to, whatever their names. */
    Set<Path> linkedBlobs() {
        return commits.stream()
                .flatMap(commit -> commit.files().stream().map(file -> target(commit, file)))
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }
}
