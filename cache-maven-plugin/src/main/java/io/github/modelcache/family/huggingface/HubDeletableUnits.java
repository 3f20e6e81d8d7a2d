package io.github.modelcache.family.huggingface;

import io.github.modelcache.family.DeletableUnit;
import io.github.modelcache.family.FolderListing;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.model.ModelReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The revisions of a repository of a hub cache. A revision is deleted with its refs, its snapshot, its file list and
 * the notes about files that it does not have. Blobs are shared with the other revisions.
 */
final class HubDeletableUnits {

    private final ModelReference model;
    private final Path repository;

    HubDeletableUnits(ModelReference model, Path repository) {
        this.model = model;
        this.repository = repository;
    }

    /** The folder of the repository. */
    Path repository() {
        return repository;
    }

    /** Whether the revisions can be listed. */
    boolean isReadable() {
        try {
            children(HubPlaces.snapshots(repository));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A unit for each revision; one unit without a revision if there is no revision. */
    List<DeletableUnit> list() throws IOException {
        List<DeletableUnit> holdings = new ArrayList<>();
        for (Path snapshot : children(HubPlaces.snapshots(repository))) {
            String commit = String.valueOf(snapshot.getFileName());
            List<Path> parts = refs(commit);
            parts.add(snapshot);
            parts.add(HubPlaces.tree(repository, commit));
            parts.add(HubPlaces.absent(repository, commit));
            holdings.add(new DeletableUnit(
                    Optional.of(model), Optional.of(commit), snapshot, parts, Optional.of(repository)));
        }
        if (holdings.isEmpty()) {
            holdings.add(new DeletableUnit(
                    Optional.of(model), Optional.empty(), repository, List.of(), Optional.of(repository)));
        }
        return holdings;
    }

    /**
     * The refs that name a commit, compared without surrounding white space, as clients do. Refs that can't be read are
     * left out.
     */
    private List<Path> refs(String commit) {
        List<Path> refs = new ArrayList<>();
        Path folder = HubPlaces.refs(repository);
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            addRefs(folder, commit, refs);
        }
        return refs;
    }

    private static void addRefs(Path folder, String commit, List<Path> refs) {
        List<Path> entries;
        try {
            entries = FolderListing.of(folder);
        } catch (IOException e) {
            return;
        }
        for (Path entry : entries) {
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                addRefs(entry, commit, refs);
            } else if (names(entry, commit)) {
                refs.add(entry);
            }
        }
    }

    private static boolean names(Path file, String commit) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && RefFile.content(file).map(String::strip).equals(Optional.of(commit));
        } catch (IOException e) {
            return false;
        }
    }

    /** The entries of a folder, sorted by name, without files of the operating system. */
    private static List<Path> children(Path folder) throws IOException {
        List<Path> children = new ArrayList<>();
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            children.addAll(FolderListing.of(folder));
            children.removeIf(entry -> PlatformFiles.isForeign(String.valueOf(entry.getFileName())));
        }
        return children;
    }
}
