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
 * Does what a plan says, model by model. Each step leaves the old place as it was until the new one is whole, so that a
 * run that was killed is simply run again. What changed since the plan was made, and what may not be touched, is passed
 * over with a word; a full disk ends it all.
 */
final class MigrationExecutor {

    private final AtomicFileOperations relay;
    private final ContentDigests digests;
    private final Messages messages;
    private final SkippedReport names;
    private final Set<Path> failed = new HashSet<>();
    private final Map<Path, Boolean> linkable = new HashMap<>();
    private long copied;
    private long freed;

    MigrationExecutor(AtomicFileOperations relay, ContentDigests digests, Messages messages, SkippedReport names) {
        this.relay = relay;
        this.digests = digests;
        this.messages = messages;
        this.names = names;
    }

    /** Bytes that were copied. */
    long copied() {
        return copied;
    }

    /** Bytes that were stored twice, and are not any more. */
    long freed() {
        return freed;
    }

    /** How many models could not be brought. */
    int failures() {
        return failed.size();
    }

    /** Gives the whole model its new place, in one step. */
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
            throw new ChangedException(find.target() + " appeared since it was looked at");
        }
        tag(find, lock);
        try {
            relay.rename(find.source(), find.target());
        } catch (FileSystemException e) {
            // The old place is read-only, say; what can't be moved can be brought.
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
     * Brings what is missing.
     *
     * @param missing contents that are not there yet
     * @param same contents that are there, and may become the very file of the old place
     */
    long bring(FoundModel find, List<SourceFile> missing, List<SourceFile> same) throws IOException {
        return guarded(find, lock -> bring(find, missing, same, lock));
    }

    /** Contents first, then what leads to them, then what says that a revision is whole, and what names it. */
    private long bring(FoundModel find, List<SourceFile> missing, List<SourceFile> same, ProcessLock lock)
            throws IOException {
        tag(find, lock);
        if (!find.links().isEmpty() && !canLink(find)) {
            skipped(
                    find,
                    "the project's cache lies on a disk without symbolic links; mvn cache:download brings the model"
                            + " without");
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

    /** Asked before the first content is brought, because it would lie there for nothing. */
    private boolean canLink(FoundModel find) throws IOException {
        Path hub = parent(find.target());
        Optional<Boolean> known = Optional.ofNullable(linkable.get(hub));
        boolean can = known.isPresent()
                ? known.get()
                : relay.canLink(PartialFiles.beside(hub.resolve("link"), "migrate", Optional.empty()));
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
        boolean shared = piece.shareable() && relay.hardLink(piece.source(), temporary, target, piece::requireSame);
        if (!shared) {
            copy(piece, temporary, target);
            copied += piece.size();
        }
        digests.published(target, target, piece.digest());
        return piece.size();
    }

    private void copy(SourceFile piece, Path temporary, Path target) throws IOException {
        try {
            relay.copy(piece.source(), temporary, target, piece.digest());
        } catch (IOException e) {
            piece.requireUnchanged(); // says so if that is why
            throw e;
        }
    }

    /** Where the lock keeps others out, the same name each time, so that nothing is left of a run that was killed. */
    private static Path temporary(Path target, ProcessLock lock) {
        Path usual = PartialFiles.beside(target, "migrate", Optional.empty());
        return lock.exclusive() ? usual : PartialFiles.unshared(usual);
    }

    /** All files gather beside the target, which torch would take for complete. */
    private long folder(FoundModel find, ProcessLock lock) throws IOException {
        if (Files.exists(find.target(), LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        Path gathering = temporary(find.target(), lock);
        Path above = find.target().resolveSibling(".").normalize();
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
        relay.rename(gathering, find.target());
        return bytes;
    }

    /** Two equal files become one. */
    private void share(SourceFile piece, ProcessLock lock) throws IOException {
        piece.requireUnchanged();
        long before = HardLinks.names(piece.target());
        long size = Files.size(piece.target());
        if (relay.hardLink(piece.source(), temporary(piece.target(), lock), piece.target(), piece::requireSame)) {
            freed += before <= 1 ? size : 0;
            digests.published(piece.target(), piece.target(), piece.digest());
        }
    }

    private void link(FoundModel.LinkTo link, ProcessLock lock) throws IOException {
        if (!Files.isRegularFile(link.link())) {
            Path folder = link.link().resolveSibling(".").normalize();
            relay.symbolicLink(link.link(), temporary(link.link(), lock), folder.relativize(link.blob()));
        }
    }

    private void ref(FoundModel.Ref ref, ProcessLock lock) throws IOException {
        if (Files.isDirectory(ref.snapshot()) && (ref.wins() || !Files.exists(ref.file(), LinkOption.NOFOLLOW_LINKS))) {
            byte[] commit = ref.commit().getBytes(StandardCharsets.US_ASCII);
            relay.write(ref.file(), temporary(ref.file(), lock), commit);
        }
    }

    /**
     * Deletes what is in the root by now from its old place.
     *
     * @param twice those contents that were in the root before
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
        requireBrought(find);
        messages.debug("Freeing " + find.source() + ", " + keptOut.count() + " locks held there");
        Path root = find.place().path();
        Path folder = setAside(find);
        long bytes = 0;
        for (Path path : find.goes()) {
            long gone = relay.delete(root, folder.resolve(find.source().relativize(path)));
            bytes += gone;
            freed += twice.contains(path) ? gone : 0;
        }
        dropEmptyFolders(root, folder);
        if (!folder.equals(find.source()) && Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            new TreeDeleter().rename(root, folder, find.source()); // something was written to it just now
        }
        return bytes;
    }

    /** A folder that shows a model by its mere existence goes at once, and is deleted under another name. */
    private Path setAside(FoundModel find) throws IOException {
        Path aside = PartialFiles.leaving(find.source());
        boolean whole = find.folder() && Set.copyOf(find.goes()).containsAll(OldFolders.below(find.source()));
        return whole && relay.setAside(find.place().path(), find.source(), aside) ? aside : find.source();
    }

    private static void requireBrought(FoundModel find) throws IOException {
        if (isTheProjectsOwn(find)) {
            throw new ChangedException("the project's cache links to it");
        }
        Set<Path> goes = new HashSet<>(find.goes());
        for (SourceFile piece : find.pieces()) {
            boolean there = Files.isRegularFile(piece.target()) && Files.size(piece.target()) == piece.size();
            if (!there) {
                throw new ChangedException(piece.target() + " is not there any more");
            }
            if (goes.contains(piece.source())) {
                piece.requireUnchanged();
            }
        }
    }

    /** Whether the project's cache leads to something of the old place, which then is the only copy. */
    static boolean isTheProjectsOwn(FoundModel find) throws IOException {
        if (isOne(find.source(), find.target())) {
            return true;
        }
        for (SourceFile piece : find.pieces()) {
            if (isOne(piece.source(), piece.target())) {
                return true;
            }
        }
        for (Path path : find.goes()) {
            Path there = find.target().resolve(find.source().relativize(path));
            if (isOne(path, there) || isOne(parent(path), parent(there))) {
                return true;
            }
        }
        return false;
    }

    /** Whether two paths lead to one entry of the disk; two hard links are two entries. */
    private static boolean isOne(Path source, Path target) throws IOException {
        if (!Files.exists(source) || !Files.exists(target)) {
            return false;
        }
        if (source.toRealPath().equals(target.toRealPath())) {
            return true;
        }
        // One disk mounted twice, which paths don't show.
        return Files.isSameFile(source, target) && (Files.isDirectory(source) || hasOneName(source));
    }

    private static boolean hasOneName(Path file) throws IOException {
        try {
            return Files.getAttribute(file, "unix:nlink") instanceof Integer links && links == 1;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    private static Path parent(Path path) {
        return path.resolveSibling(".").normalize();
    }

    /** A folder that is empty by now goes, and nothing else. */
    void dropEmptyFolders(Path root, Path folder) throws IOException {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            new TreeDeleter().deleteTree(root, folder, path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS));
        }
    }

    private void tag(FoundModel find, ProcessLock lock) throws IOException {
        Path tag = new CacheDirTag(parent(find.target())).file();
        if (find.place().kind() == ExternalCache.Kind.HUB && !Files.exists(tag)) {
            relay.write(tag, temporary(tag, lock), CacheDirTag.TEXT.getBytes(StandardCharsets.UTF_8));
        }
    }

    private ProcessLock lock(FoundModel find) throws IOException {
        return ProcessLock.acquire(
                find.processLock(), () -> messages.info("Waiting for another build that fetches " + find.model()));
    }

    /** A step that is done while no build can fetch the model. */
    @FunctionalInterface
    private interface Step {
        long run(ProcessLock lock) throws IOException;
    }

    private long guarded(FoundModel find, Step step) throws IOException {
        try (ProcessLock lock = lock(find)) {
            return step.run(lock);
        } catch (ChangedException | NoSuchFileException e) {
            skipped(find, String.valueOf(e.getMessage()) + "; run mvn cache:migrate again");
        } catch (FileSystemException e) {
            if (DiskSpace.isFull(e, find.target())) {
                throw e;
            }
            String reason = e.getReason() == null ? "no permission for " + e.getFile() : e.getMessage();
            skipped(find, reason + "; give the user who runs Maven the right to write there, or delete it by hand");
        }
        return 0;
    }

    private void skipped(FoundModel find, String reason) {
        failed.add(find.source());
        messages.warn(names.name(find.source()) + " stays: " + reason);
    }
}
