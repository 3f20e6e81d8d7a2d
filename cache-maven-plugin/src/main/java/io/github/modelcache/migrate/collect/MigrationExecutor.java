package io.github.modelcache.migrate.collect;

import io.github.modelcache.families.ExternalCache;
import io.github.modelcache.family.CacheDirTag;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.files.HardLinks;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.process.ProcessLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Imports the models of a plan one by one. The old folder is unchanged until the new one is complete, so an interrupted run
 * can be repeated. Models that changed since the plan was made, or can't be written, are skipped; a full disk is an error.
 */
final class MigrationExecutor {

    private final AtomicFileOperations operations;
    private final ContentDigests digests;
    private final Messages messages;
    private final SkippedReport names;
    private final Set<Path> failed = new HashSet<>();
    private final Map<Path, Boolean> linkable = new HashMap<>();
    private long copied;
    private long freed;

    MigrationExecutor(AtomicFileOperations operations, ContentDigests digests, Messages messages, SkippedReport names) {
        this.operations = operations;
        this.digests = digests;
        this.messages = messages;
        this.names = names;
    }

    /** Bytes that were copied. */
    long copied() {
        return copied;
    }

    /** The size of the duplicates that were deleted. */
    long freed() {
        return freed;
    }

    /** How many models were skipped. */
    int failures() {
        return failed.size();
    }

    /** Renames a whole model. */
    long move(FoundModel find) throws IOException {
        return guarded(find, lock -> {
            try (ActiveDownloadGuard downloads = ActiveDownloadGuard.keptOut(find)) {
                return move(find, lock, downloads);
            }
        });
    }

    private long move(FoundModel find, ProcessLock lock, ActiveDownloadGuard downloads) throws IOException {
        for (SourceFile piece : find.pieces()) {
            piece.requireUnchanged();
        }
        if (Files.exists(find.target(), LinkOption.NOFOLLOW_LINKS)) {
            throw new ChangedException(find.target() + " was created meanwhile");
        }
        tag(find, lock);
        try {
            operations.rename(find.source(), find.target());
        } catch (FileSystemException e) {
            // The old folder may be read-only: copy instead.
            long brought = bring(find, find.pieces(), List.of(), lock);
            if (!failed.contains(find.source())) {
                free(find, Set.of(), downloads);
            }
            return brought;
        }
        for (SourceFile piece : find.pieces()) {
            digests.published(piece.target(), piece.target(), piece.digest());
        }
        return find.bytes();
    }

    /**
     * Imports files.
     *
     * @param missing files that the project lacks
     * @param same duplicates that become hard links
     */
    long bring(FoundModel find, List<SourceFile> missing, List<SourceFile> same) throws IOException {
        return guarded(find, lock -> bring(find, missing, same, lock));
    }

    /** Blobs first, then links to them, then the lists of commits, then refs. */
    private long bring(FoundModel find, List<SourceFile> missing, List<SourceFile> same, ProcessLock lock)
            throws IOException {
        tag(find, lock);
        if (!find.links().isEmpty() && !canLink(find)) {
            skipped(
                    find,
                    "the project's cache is on a disk without symbolic links; mvn cache:download fetches the model"
                            + " without links");
            return 0;
        }
        long bytes = find.folder() ? folder(find, lock) : pieces(missing, false, lock);
        for (SourceFile piece : same) {
            share(piece, lock);
        }
        for (FoundModel.LinkTo link : find.links()) {
            link(link, lock);
        }
        if (!find.folder()) {
            bytes += pieces(missing, true, lock);
        }
        for (FoundModel.Ref ref : find.refs()) {
            ref(ref, lock);
        }
        return bytes;
    }

    /** Checked before the first file is imported. */
    private boolean canLink(FoundModel find) throws IOException {
        Path hub = parent(find.target());
        Optional<Boolean> known = Optional.ofNullable(linkable.get(hub));
        boolean can = known.isPresent()
                ? known.get()
                : operations.canLink(PartialFiles.beside(hub.resolve("link"), "migrate", Optional.empty()));
        linkable.put(hub, can);
        return can;
    }

    private long pieces(List<SourceFile> missing, boolean lists, ProcessLock lock) throws IOException {
        long bytes = 0;
        for (SourceFile piece : missing) {
            if (piece.list() == lists) {
                bytes += piece(piece, piece.target(), lock);
            }
        }
        return bytes;
    }

    private long piece(SourceFile piece, Path target, ProcessLock lock) throws IOException {
        piece.requireUnchanged();
        Path temporary = temporary(target, lock);
        boolean shared =
                piece.shareable() && operations.hardLink(piece.source(), temporary, target, piece::requireSame);
        if (!shared) {
            copy(piece, temporary, target);
            copied += piece.size();
        }
        digests.published(target, target, piece.digest());
        return piece.size();
    }

    private void copy(SourceFile piece, Path temporary, Path target) throws IOException {
        try {
            operations.copy(piece.source(), temporary, target, piece.digest());
        } catch (IOException e) {
            piece.requireUnchanged(); // names this reason
            throw e;
        }
    }

    /** The same name in each run where a lock keeps others out, so that a repeated run replaces the file. */
    private static Path temporary(Path target, ProcessLock lock) {
        Path usual = PartialFiles.beside(target, "migrate", Optional.empty());
        return lock.exclusive() ? usual : PartialFiles.unshared(usual);
    }

    /** Copies a folder under another name, because torch takes an existing folder for complete. */
    private long folder(FoundModel find, ProcessLock lock) throws IOException {
        if (Files.exists(find.target(), LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        Path gathering = temporary(find.target(), lock);
        Path above = parent(find.target());
        Files.createDirectories(above);
        new TreeDeleter().deleteTree(above, gathering, path -> false);
        long bytes = 0;
        for (SourceFile piece : find.pieces()) {
            Path below = find.target().relativize(piece.target());
            piece.requireUnchanged();
            Path target = gathering.resolve(below);
            copy(piece, temporary(target, lock), target);
            copied += piece.size();
            bytes += piece.size();
        }
        operations.rename(gathering, find.target());
        return bytes;
    }

    /** Replaces a duplicate by a hard link. */
    private void share(SourceFile piece, ProcessLock lock) throws IOException {
        piece.requireUnchanged();
        long before = HardLinks.names(piece.target());
        long size = Files.size(piece.target());
        if (operations.hardLink(piece.source(), temporary(piece.target(), lock), piece.target(), piece::requireSame)) {
            freed += before <= 1 ? size : 0;
            digests.published(piece.target(), piece.target(), piece.digest());
        }
    }

    private void link(FoundModel.LinkTo link, ProcessLock lock) throws IOException {
        if (!Files.isRegularFile(link.link())) {
            Path folder = parent(link.link());
            operations.symbolicLink(link.link(), temporary(link.link(), lock), folder.relativize(link.blob()));
        }
    }

    private void ref(FoundModel.Ref ref, ProcessLock lock) throws IOException {
        if (Files.isDirectory(ref.snapshot()) && (ref.wins() || !Files.exists(ref.file(), LinkOption.NOFOLLOW_LINKS))) {
            byte[] commit = ref.commit().getBytes(StandardCharsets.US_ASCII);
            operations.write(ref.file(), temporary(ref.file(), lock), commit);
        }
    }

    /**
     * Deletes an imported model from its old folder.
     *
     * @param twice the files that the project had before
     */
    long free(FoundModel find, Set<Path> twice) throws IOException {
        return guarded(find, lock -> {
            if (failed.contains(find.source())) {
                return 0;
            }
            try (ActiveDownloadGuard downloads = ActiveDownloadGuard.keptOut(find)) {
                return free(find, twice, downloads);
            }
        });
    }

    private long free(FoundModel find, Set<Path> twice, ActiveDownloadGuard keptOut) throws IOException {
        ImportedFiles.require(find);
        messages.debug("Deleting " + find.source() + " with " + keptOut.count() + " locks held");
        Path root = find.place().path();
        Path folder = ImportedFiles.renamed(find, operations);
        long bytes = 0;
        for (Path path : find.goes()) {
            long gone = operations.delete(root, folder.resolve(find.source().relativize(path)));
            bytes += gone;
            freed += twice.contains(path) ? gone : 0;
        }
        ImportedFiles.deleteEmptyFolders(root, folder);
        if (!folder.equals(find.source()) && Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            new TreeDeleter().rename(root, folder, find.source()); // a program wrote to it meanwhile
        }
        return bytes;
    }

    private static Path parent(Path path) {
        return path.resolveSibling(".").normalize();
    }

    private void tag(FoundModel find, ProcessLock lock) throws IOException {
        Path tag = new CacheDirTag(parent(find.target())).file();
        if (find.place().kind() == ExternalCache.Kind.HUB && !Files.exists(tag)) {
            operations.write(tag, temporary(tag, lock), CacheDirTag.TEXT.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A step that runs while no build can fetch the model. */
    private interface Step {
        long run(ProcessLock lock) throws IOException;
    }

    private long guarded(FoundModel find, Step step) throws IOException {
        try (ProcessLock lock = ProcessLock.acquire(
                find.processLock(), () -> messages.info("Waiting for another build that fetches " + find.model()))) {
            return step.run(lock);
        } catch (ChangedException | NoSuchFileException e) {
            skipped(find, String.valueOf(e.getMessage()) + "; run mvn cache:migrate again");
        } catch (FileSystemException e) {
            if (DiskSpace.isFull(e, find.target())) {
                throw e;
            }
            String reason = e.getReason() == null ? "no permission for " + e.getFile() : e.getMessage();
            skipped(find, reason + "; make it writable for the user who runs Maven, or delete it by hand");
        }
        return 0;
    }

    private void skipped(FoundModel find, String reason) {
        failed.add(find.source());
        messages.warn(names.name(find.source()) + " is kept: " + reason);
    }
}
