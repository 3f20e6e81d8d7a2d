package io.github.modelcache.verify;

import io.github.modelcache.io.RelativeName;
import io.github.modelcache.layout.HubPlaces;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** What of a hub repository the lock speaks for, and so has been checked against the lock already. */
final class LockedRepository {

    private final Path snapshot;
    private final ResolvedModel model;
    private final NameTable blobs;
    private final NameTable paths;
    private boolean realFiles;
    private boolean passedOver;

    LockedRepository(Path folder, ResolvedModel model) {
        this.model = model;
        snapshot = HubPlaces.snapshot(folder, model.revision());
        blobs = new NameTable(model.files().size());
        paths = new NameTable(model.files().size());
        for (ModelFile file : model.files()) {
            file.digest().ifPresent(digest -> blobs.put(HubPlaces.blobName(digest), file.size()));
            paths.put(file.path(), file.size());
        }
    }

    /** Where the locked commit's files lie. */
    Path snapshot() {
        return snapshot;
    }

    /** The size of the content that a blob of this name must have, or {@link NameTable#ABSENT}. */
    long size(String blobName) {
        return blobs.get(blobName);
    }

    /** Whether a blob was checked through the links of the locked commit. */
    boolean coversBlob(String blobName) {
        boolean covered = blobs.has(blobName);
        passedOver |= covered;
        return covered;
    }

    /** Whether a real file of a snapshot was checked. */
    boolean coversFile(Path folder, Path file) {
        boolean covered = folder.equals(snapshot) && paths.has(HubPlaces.nameIn(folder, file));
        realFiles |= covered;
        return covered;
    }

    /** The blobs that the locked files are links to, whatever their names. */
    Set<Path> linkedBlobs() throws IOException {
        Set<Path> linked = new HashSet<>();
        for (ModelFile file : model.files()) {
            Path link = RelativeName.resolve(snapshot, file.path());
            if (Files.isSymbolicLink(link)) {
                linked.add(link.resolveSibling(Files.readSymbolicLink(link)).normalize());
            }
        }
        return linked;
    }

    /** Whether some locked files are no links, so that nothing led the check to their blobs. */
    boolean mixed() {
        return realFiles && passedOver;
    }
}
