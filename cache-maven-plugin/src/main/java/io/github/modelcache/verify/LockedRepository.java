package io.github.modelcache.verify;

import io.github.modelcache.io.RelativeName;
import io.github.modelcache.layout.HubPlaces;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What of a hub repository the lock speaks for, and so has been checked against the lock already: a locked file that is
 * there, and the blob that it is a link to. A blob that only has the right name was not.
 */
final class LockedRepository {

    private final Path folder;
    private final Path snapshot;
    private final ResolvedModel model;
    private final NameTable blobs;
    private final NameTable paths;
    private final BitSet passedOver = new BitSet();
    private final BitSet linked = new BitSet();

    LockedRepository(Path folder, ResolvedModel model) {
        this.folder = folder;
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
        for (ModelFile file : model.files()) {
            file.digest().map(HubPlaces::blobName).ifPresent(name -> follow(file, name));
        }
    }

    private void follow(ModelFile file, String blobName) {
        Path link = RelativeName.resolve(snapshot, file.path());
        if (leadsTo(link, HubPlaces.blobs(folder).resolve(blobName))) {
            linked.set(blobs.index(blobName));
        }
    }

    private static boolean leadsTo(Path link, Path blob) {
        try {
            return link.resolveSibling(Files.readSymbolicLink(link)).normalize().equals(blob);
        } catch (IOException | UnsupportedOperationException e) {
            return false; // missing, or no link: whatever it is, the blob was not looked at through it
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
    boolean coversFile(Path commit, Path file) {
        return commit.equals(snapshot) && paths.has(HubPlaces.nameIn(commit, file));
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
}
