package io.github.modelcache.family.huggingface;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.LinkProbe;
import io.github.modelcache.files.copy.AtomicFileOperations;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Writes the files of snapshots that lead to blobs: links, or plain files for libraries that refuse links. */
final class SnapshotLinks {

    private final Path root;
    private Optional<Boolean> supported = Optional.empty();

    /**
     * Links of a hub cache.
     *
     * @param root the hub cache
     */
    SnapshotLinks(Path root) {
        this.root = root;
    }

    /** Whether the disk has links; tried once, as the hub's clients do. */
    synchronized boolean areSupported() throws IOException {
        if (supported.isEmpty()) {
            // The name of a partial folder, which is known as a leftover where a build is killed.
            Path probe = PartialFiles.beside(root.resolve("link"), "links", Optional.empty());
            supported = Optional.of(LinkProbe.works(PartialFiles.unshared(probe)));
        }
        return supported.get();
    }

    /** Writes a plain file: a second name of the blob, or else a copy. */
    void writeFile(Path snapshotFile, Path blob, Digest digest) throws IOException {
        Path content = blob.toRealPath();
        AtomicFileOperations operations = new AtomicFileOperations();
        if (!operations.hardLink(content, AtomicFiles.temporaryBeside(snapshotFile), snapshotFile)) {
            operations.copy(content, AtomicFiles.temporaryBeside(snapshotFile), snapshotFile, digest);
        }
    }

    /**
     * Writes a relative link, so that the whole cache can be moved.
     *
     * @param repository the folder of the repository that has both files
     */
    void writeLink(Path repository, Path snapshotFile, Path blob) throws IOException {
        // Path.relativize would do, but compiling it takes longer than making thousands of links.
        int above = snapshotFile.getNameCount() - repository.getNameCount() - 1;
        String below =
                blob.subpath(repository.getNameCount(), blob.getNameCount()).toString();
        Path target = snapshotFile.getFileSystem().getPath("../".repeat(above), below);
        try {
            Files.createSymbolicLink(snapshotFile, target);
        } catch (FileAlreadyExistsException e) {
            replace(snapshotFile, target);
        }
    }

    private static void replace(Path link, Path target) throws IOException {
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
            return;
        }
        Path temporary = AtomicFiles.temporaryBeside(link);
        Files.createSymbolicLink(temporary, target);
        try {
            Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }
}
