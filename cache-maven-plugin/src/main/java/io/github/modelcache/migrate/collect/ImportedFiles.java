package io.github.modelcache.migrate.collect;

import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.files.deletion.TreeDeleter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Deletes an imported model from its old folder, if the project's cache has all of it. */
final class ImportedFiles {

    private ImportedFiles() {}

    /**
     * Requires that the project's cache has all files of a model.
     *
     * @throws ChangedException when it has not, or when it links to the old folder
     */
    static void require(FoundModel found) throws IOException {
        if (isUsedByProject(found)) {
            throw new ChangedException("the project's cache links to it");
        }
        Set<Path> deleted = new HashSet<>(found.deletable());
        for (SourceFile file : found.files()) {
            boolean complete = Files.isRegularFile(file.target()) && Files.size(file.target()) == file.size();
            if (!complete) {
                throw new ChangedException(file.target() + " is missing");
            }
            if (deleted.contains(file.source())) {
                file.requireUnchanged();
            }
        }
    }

    /** Whether the project's cache links to a file of the old folder, which then is the only copy. */
    static boolean isUsedByProject(FoundModel found) throws IOException {
        if (isSameFile(found.source(), found.target())) {
            return true;
        }
        for (SourceFile file : found.files()) {
            if (isSameFile(file.source(), file.target())) {
                return true;
            }
        }
        for (Path path : found.deletable()) {
            Path imported = found.target().resolve(found.source().relativize(path));
            if (isSameFile(path, imported) || isSameFile(folder(path), folder(imported))) {
                return true;
            }
        }
        return false;
    }

    /** Whether two paths are one entry of the disk; two hard links are two entries. */
    private static boolean isSameFile(Path source, Path target) throws IOException {
        if (!Files.exists(source) || !Files.exists(target)) {
            return false;
        }
        if (source.toRealPath().equals(target.toRealPath())) {
            return true;
        }
        // A disk that is mounted twice has one file under two real paths.
        return Files.isSameFile(source, target) && (Files.isDirectory(source) || hasOneName(source));
    }

    private static boolean hasOneName(Path file) throws IOException {
        try {
            return Files.getAttribute(file, "unix:nlink") instanceof Integer links && links == 1;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Renames a folder of torch before its deletion, because torch takes an existing folder for complete. Returns its path. */
    static Path renamed(FoundModel found, AtomicFileOperations operations) throws IOException {
        Path aside = PartialFiles.leaving(found.source());
        boolean whole = found.folder() && Set.copyOf(found.deletable()).containsAll(OldFolders.below(found.source()));
        return whole && operations.setAside(found.place().path(), found.source(), aside) ? aside : found.source();
    }

    static void deleteEmptyFolders(Path root, Path folder) throws IOException {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            new TreeDeleter().deleteTree(root, folder, path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS));
        }
    }

    private static Path folder(Path path) {
        return path.resolveSibling(".").normalize();
    }
}
