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
    static void require(FoundModel find) throws IOException {
        if (isUsedByProject(find)) {
            throw new ChangedException("the project's cache links to it");
        }
        Set<Path> goes = new HashSet<>(find.goes());
        for (SourceFile piece : find.pieces()) {
            boolean there = Files.isRegularFile(piece.target()) && Files.size(piece.target()) == piece.size();
            if (!there) {
                throw new ChangedException(piece.target() + " is missing");
            }
            if (goes.contains(piece.source())) {
                piece.requireUnchanged();
            }
        }
    }

    /** Whether the project's cache links to a file of the old folder, which then is the only copy. */
    static boolean isUsedByProject(FoundModel find) throws IOException {
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
            if (isOne(path, there) || isOne(folder(path), folder(there))) {
                return true;
            }
        }
        return false;
    }

    /** Whether two paths are one entry of the disk; two hard links are two entries. */
    private static boolean isOne(Path source, Path target) throws IOException {
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
    static Path renamed(FoundModel find, AtomicFileOperations operations) throws IOException {
        Path aside = PartialFiles.leaving(find.source());
        boolean whole = find.folder() && Set.copyOf(find.goes()).containsAll(OldFolders.below(find.source()));
        return whole && operations.setAside(find.place().path(), find.source(), aside) ? aside : find.source();
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
