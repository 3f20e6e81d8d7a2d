package io.github.modelcache.migrate.collect;

import io.github.modelcache.catalog.ExternalCache;
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
    long move(FoundModel found) throws IOException {
        return withLock(found, lock -> {
            try (ActiveDownloadGuard downloads = ActiveDownloadGuard.acquire(found)) {
                return move(found, lock, downloads);
            }
        });
    }

    private long move(FoundModel found, ProcessLock lock, ActiveDownloadGuard downloads) throws IOException {
        for (SourceFile file : found.files()) {
            file.requireUnchanged();
        }
        if (Files.exists(found.target(), LinkOption.NOFOLLOW_LINKS)) {
            throw new ChangedException(found.target() + " was created meanwhile");
        }
        writeTag(found, lock);
        try {
            operations.rename(found.source(), found.target());
        } catch (FileSystemException e) {
            // The old folder may be read-only: copy instead.
            long imported = importModel(found, found.files(), List.of(), lock);
            if (!failed.contains(found.source())) {
                deleteSource(found, Set.of(), downloads);
            }
            return imported;
        }
        for (SourceFile file : found.files()) {
            digests.published(file.target(), file.target(), file.digest());
        }
        return found.bytes();
    }

    /**
     * Imports files.
     *
     * @param missing files that the project lacks
     * @param duplicates duplicates that become hard links
     */
    long importModel(FoundModel found, List<SourceFile> missing, List<SourceFile> duplicates) throws IOException {
        return withLock(found, lock -> importModel(found, missing, duplicates, lock));
    }

    /** Blobs first, then links to them, then the lists of commits, then refs. */
    private long importModel(FoundModel found, List<SourceFile> missing, List<SourceFile> duplicates, ProcessLock lock)
            throws IOException {
        writeTag(found, lock);
        if (!found.links().isEmpty() && !canLink(found)) {
            skipped(
                    found,
                    "the project's cache is on a disk without symbolic links; mvn cache:download fetches the model"
                            + " without links");
            return 0;
        }
        long bytes = found.folder() ? copyFolder(found, lock) : importFiles(missing, false, lock);
        for (SourceFile file : duplicates) {
            replaceByHardLink(file, lock);
        }
        for (FoundModel.LinkTo link : found.links()) {
            writeLink(link, lock);
        }
        if (!found.folder()) {
            bytes += importFiles(missing, true, lock);
        }
        for (FoundModel.Ref ref : found.refs()) {
            writeRef(ref, lock);
        }
        return bytes;
    }

    /** Checked before the first file is imported. */
    private boolean canLink(FoundModel found) throws IOException {
        Path hub = parent(found.target());
        Optional<Boolean> known = Optional.ofNullable(linkable.get(hub));
        boolean can = known.isPresent()
                ? known.get()
                : operations.canLink(PartialFiles.beside(hub.resolve("link"), "migrate", Optional.empty()));
        linkable.put(hub, can);
        return can;
    }

    private long importFiles(List<SourceFile> missing, boolean lists, ProcessLock lock) throws IOException {
        long bytes = 0;
        for (SourceFile file : missing) {
            if (file.list() == lists) {
                bytes += importFile(file, file.target(), lock);
            }
        }
        return bytes;
    }

    private long importFile(SourceFile file, Path target, ProcessLock lock) throws IOException {
        file.requireUnchanged();
        Path temporary = temporary(target, lock);
        boolean shared = file.shareable() && operations.hardLink(file.source(), temporary, target, file::requireSame);
        if (!shared) {
            copy(file, temporary, target);
            copied += file.size();
        }
        digests.published(target, target, file.digest());
        return file.size();
    }

    private void copy(SourceFile file, Path temporary, Path target) throws IOException {
        try {
            operations.copy(file.source(), temporary, target, file.digest());
        } catch (IOException e) {
            file.requireUnchanged(); // names this reason
            throw e;
        }
    }

    /** The same name in each run where a lock keeps others out, so that a repeated run replaces the file. */
    private static Path temporary(Path target, ProcessLock lock) {
        Path usual = PartialFiles.beside(target, "migrate", Optional.empty());
        return lock.exclusive() ? usual : PartialFiles.unshared(usual);
    }

    /** Copies a folder under another name, because torch takes an existing folder for complete. */
    private long copyFolder(FoundModel found, ProcessLock lock) throws IOException {
        if (Files.exists(found.target(), LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        Path temporary = temporary(found.target(), lock);
        Path above = parent(found.target());
        Files.createDirectories(above);
        new TreeDeleter().deleteTree(above, temporary, path -> false);
        long bytes = 0;
        for (SourceFile file : found.files()) {
            Path below = found.target().relativize(file.target());
            file.requireUnchanged();
            Path target = temporary.resolve(below);
            copy(file, temporary(target, lock), target);
            copied += file.size();
            bytes += file.size();
        }
        operations.rename(temporary, found.target());
        return bytes;
    }

    /** Replaces a duplicate by a hard link. */
    private void replaceByHardLink(SourceFile file, ProcessLock lock) throws IOException {
        file.requireUnchanged();
        long before = HardLinks.names(file.target());
        long size = Files.size(file.target());
        if (operations.hardLink(file.source(), temporary(file.target(), lock), file.target(), file::requireSame)) {
            freed += before <= 1 ? size : 0;
            digests.published(file.target(), file.target(), file.digest());
        }
    }

    private void writeLink(FoundModel.LinkTo link, ProcessLock lock) throws IOException {
        if (!Files.isRegularFile(link.link())) {
            Path folder = parent(link.link());
            operations.symbolicLink(link.link(), temporary(link.link(), lock), folder.relativize(link.blob()));
        }
    }

    private void writeRef(FoundModel.Ref ref, ProcessLock lock) throws IOException {
        if (Files.isDirectory(ref.snapshot()) && (ref.wins() || !Files.exists(ref.file(), LinkOption.NOFOLLOW_LINKS))) {
            byte[] commit = ref.commit().getBytes(StandardCharsets.US_ASCII);
            operations.write(ref.file(), temporary(ref.file(), lock), commit);
        }
    }

    /**
     * Deletes an imported model from its old folder.
     *
     * @param duplicates the files that the project had before
     */
    long deleteSource(FoundModel found, Set<Path> duplicates) throws IOException {
        if (failed.contains(found.source())) {
            return 0;
        }
        return withLock(found, lock -> {
            try (ActiveDownloadGuard downloads = ActiveDownloadGuard.acquire(found)) {
                return deleteSource(found, duplicates, downloads);
            }
        });
    }

    private long deleteSource(FoundModel found, Set<Path> duplicates, ActiveDownloadGuard guard) throws IOException {
        ImportedFiles.require(found);
        messages.debug("Deleting " + found.source() + " with " + guard.count() + " locks held");
        Path root = found.place().path();
        Path folder = ImportedFiles.renamed(found, operations);
        long bytes = 0;
        for (Path path : found.deletable()) {
            long freedBytes =
                    operations.delete(root, folder.resolve(found.source().relativize(path)));
            bytes += freedBytes;
            freed += duplicates.contains(path) ? freedBytes : 0;
        }
        ImportedFiles.deleteEmptyFolders(root, folder);
        if (!folder.equals(found.source()) && Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            new TreeDeleter().rename(root, folder, found.source()); // a program wrote to it meanwhile
        }
        return bytes;
    }

    private static Path parent(Path path) {
        return path.resolveSibling(".").normalize();
    }

    private void writeTag(FoundModel found, ProcessLock lock) throws IOException {
        Path tag = new CacheDirTag(parent(found.target())).file();
        if (found.place().kind() == ExternalCache.Kind.HUB && !Files.exists(tag)) {
            operations.write(tag, temporary(tag, lock), CacheDirTag.TEXT.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A step that runs while no build can fetch the model. */
    private interface Step {
        long run(ProcessLock lock) throws IOException;
    }

    private long withLock(FoundModel found, Step step) throws IOException {
        try (ProcessLock lock = ProcessLock.acquire(
                found.processLock(), () -> messages.info("Waiting for another build that fetches " + found.model()))) {
            return step.run(lock);
        } catch (ChangedException | NoSuchFileException e) {
            skipped(found, String.valueOf(e.getMessage()) + "; run mvn cache:migrate again");
        } catch (FileSystemException e) {
            if (DiskSpace.isFull(e, found.target())) {
                throw e;
            }
            String reason = e.getReason() == null ? "no permission for " + e.getFile() : e.getMessage();
            skipped(found, reason + "; make it writable for the user who runs Maven, or delete it by hand");
        }
        return 0;
    }

    private void skipped(FoundModel found, String reason) {
        failed.add(found.source());
        messages.warn(names.name(found.source()) + " is kept: " + reason);
    }
}
