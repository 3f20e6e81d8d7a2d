package io.github.modelcache.verify.checks;

import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of a hub repository the lock speaks for, and so has been checked against the lock already: a locked file that is
 * there, and the blob that it is a link to. A blob that only has the right name was not.
 */
final class LockedRepository {

    private final Path folder;
    private final List<Commit> commits;
    private final NameTable blobs;
    private final BitSet passedOver = new BitSet();
    private final BitSet linked = new BitSet();

    /** The locked files of one commit. */
    private record Commit(Path snapshot, List<ModelFile> files, NameTable paths) {

        static Commit of(Path folder, ResolvedModel model) {
            NameTable paths = new NameTable(model.files().size());
            model.files().forEach(file -> paths.put(file.path(), file.size()));
            return new Commit(HubPlaces.snapshot(folder, model.revision()), model.files(), paths);
        }
    }

    /**
     * What the lock says of a repository.
     *
     * @param models the locked versions of its model
     */
    LockedRepository(Path folder, List<ResolvedModel> models) {
        this.folder = folder;
        commits = models.stream().map(model -> Commit.of(folder, model)).toList();
        blobs = new NameTable(
                commits.stream().mapToInt(commit -> commit.files().size()).sum());
        for (Commit commit : commits) {
            for (ModelFile file : commit.files()) {
                file.digest().ifPresent(digest -> blobs.put(HubPlaces.blobName(digest), file.size()));
            }
        }
    }

    /** The size of the content that a blob of this name must have, or {@link NameTable#ABSENT}. */
    long size(String blobName) {
        return blobs.get(blobName);
    }

    /** Whether a blob has the name of a locked content, and so was checked if a link of the locked commit leads to it. */
    boolean passesOver(String blobName) {
        int index = blobs.index(blobName);
        if (index >= 0) {
            passedOver.set(index);
        }
        return index >= 0;
    }

    /** Finds out which blobs the locked commit's links lead to. Costs a look at each of its files. */
    void follow() {
        if (passedOver.isEmpty()) {
            return;
        }
        for (Commit commit : commits) {
            for (ModelFile file : commit.files()) {
                file.digest().map(HubPlaces::blobName).ifPresent(name -> follow(commit, file, name));
            }
        }
    }

    private void follow(Commit commit, ModelFile file, String blobName) {
        if (target(commit, file).equals(Optional.of(HubPlaces.blobs(folder).resolve(blobName)))) {
            linked.set(blobs.index(blobName));
        }
    }

    /** Where the link of a locked file leads; empty where it is missing, or no link: then it led the check nowhere else. */
    private static Optional<Path> target(Commit commit, ModelFile file) {
        Path link = SafeRelativePath.resolve(commit.snapshot(), file.path());
        try {
            return Optional.of(link.resolveSibling(Files.readSymbolicLink(link)).normalize());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** Whether a blob was checked against the lock; known once the links were followed. */
    boolean covers(String blobName) {
        int index = blobs.index(blobName);
        return index >= 0 && linked.get(index);
    }

    /** The names of the blobs that were passed over and that no link of the locked commit leads to. */
    List<String> unchecked() {
        BitSet unchecked = (BitSet) passedOver.clone();
        unchecked.andNot(linked);
        return unchecked.stream().mapToObj(blobs::name).sorted().toList();
    }

    /** Whether a real file of a snapshot was checked. */
    boolean coversFile(Path snapshot, Path file) {
        return commits.stream()
                .filter(commit -> commit.snapshot().equals(snapshot))
                .anyMatch(commit -> commit.paths().has(HubPlaces.nameIn(snapshot, file)));
    }

    /** The blobs that the locked files are links to, whatever their names. */
    Set<Path> linkedBlobs() {
        return commits.stream()
                .flatMap(commit -> commit.files().stream().map(file -> target(commit, file)))
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }
}
