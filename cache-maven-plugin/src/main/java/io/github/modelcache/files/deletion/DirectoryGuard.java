package io.github.modelcache.files.deletion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Decides whether a folder may be emptied. Cache roots come from a file that people edit, so each deleting goal asks first. */
public final class DirectoryGuard {
    private static final String GIT = ".git";

    private DirectoryGuard() {}

    /**
     * Refuses the project, the home folder, a file system's root, a folder above one of these, and a folder that contains
     * {@code .git} or is in one. Checks the path as written and its real path. The root need not exist.
     *
     * @param home the user's home folder
     * @throws UnsafeRootException if the root must not be emptied; the message says why and what to do
     */
    public static void requireDeletable(Path root, Path projectRoot, Path home) throws UnsafeRootException {
        if (root.toString().isBlank()) {
            throw new UnsafeRootException("an empty path is not a cache folder; name a folder like .cache");
        }
        Set<Path> places = places(root);
        for (Path place : places) {
            if (place.getNameCount() == 0) {
                throw refused(root, place, "it is the root of a file system");
            }
        }
        for (Path place : places) {
            requireNotAbove(root, place, home, "the home folder " + home);
            requireNotAbove(root, place, projectRoot, "the project " + projectRoot);
            requireOutsideGit(root, place);
        }
    }

    private static void requireNotAbove(Path root, Path place, Path guarded, String name) throws UnsafeRootException {
        for (Path guardedPlace : places(guarded)) {
            if (same(place, guardedPlace)) {
                throw refused(root, place, "it is " + name);
            }
            for (Path above = guardedPlace.getParent(); above != null; above = above.getParent()) {
                if (same(place, above)) {
                    throw refused(root, place, "it contains " + name);
                }
            }
        }
    }

    private static void requireOutsideGit(Path root, Path place) throws UnsafeRootException {
        if (Files.exists(place.resolve(GIT), LinkOption.NOFOLLOW_LINKS)) {
            throw refused(root, place, "it contains a git repository");
        }
        for (Path segment : place) {
            if (segment.toString().equalsIgnoreCase(GIT)) {
                throw refused(root, place, "it is in a .git folder");
            }
        }
    }

    private static UnsafeRootException refused(Path root, Path place, String reason) {
        String where = place.equals(root) ? "" : " (" + place + ")";
        return new UnsafeRootException("nothing is deleted in " + root + where + ": " + reason
                + "; give the cache a folder of its own, like .cache");
    }

    /** The path as written, and its real path. */
    private static Set<Path> places(Path path) {
        Path absolute = path.toAbsolutePath();
        // Normalizing before links are resolved gives another folder for "link/..", so both orders are checked.
        Set<Path> places = new LinkedHashSet<>(List.of(absolute.normalize()));
        places.add(real(absolute));
        places.add(real(absolute.normalize()));
        return places;
    }

    private static Path real(Path absolute) {
        Path existing = absolute;
        while (existing != null) {
            try {
                Path real = existing.toRealPath();
                return real.resolve(existing.relativize(absolute)).normalize();
            } catch (IOException e) {
                // It does not exist or is not readable: try the folder above.
                existing = existing.getParent();
            }
        }
        return absolute.normalize();
    }

    /** Whether two paths are one folder, also through a bind mount or with another case. */
    private static boolean same(Path one, Path other) {
        if (one.equals(other)) {
            return true;
        }
        try {
            return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }
}
