package io.github.modelcache.migrate.collect;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The files in the project's cache, and those that the plan so far adds. */
final class TargetState {

    private final ContentDigests digests;
    private final Map<Path, SourceFile> plannedFiles = new HashMap<>();
    private final Map<Path, Path> folders = new HashMap<>();

    TargetState(ContentDigests digests) {
        this.digests = digests;
    }

    /** Compares a file with its target. */
    enum State {
        /** The target is missing or a broken link. */
        ABSENT,
        /** The target is the file itself. */
        ITSELF,
        /** The target is a copy. */
        SAME,
        /** The target has another content. */
        OTHER
    }

    /** Whether a path does not exist and is not planned. */
    boolean isFree(Path target) {
        return !Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !folders.containsKey(target);
    }

    /** Whether a file exists or is planned. */
    boolean exists(Path target) {
        return plannedFiles.containsKey(target) || Files.isRegularFile(target);
    }

    /** Whether a folder exists or is planned. */
    boolean folderExists(Path target) {
        return folders.containsKey(target) || Files.isDirectory(target);
    }

    State state(SourceFile file) throws IOException {
        SourceFile planned = plannedFiles.get(file.target());
        if (planned != null) {
            return isSameFile(planned.content(), file.content()) ? State.ITSELF : compared(planned.digest(), file);
        }
        CacheEntry existing;
        try {
            existing = CacheEntry.resolved(file.target());
        } catch (NoSuchFileException e) {
            return State.ABSENT;
        }
        if (existing.kind() != CacheEntry.Kind.FILE) {
            return State.OTHER;
        }
        if (isSameFile(existing, file.content())) {
            return State.ITSELF;
        }
        if (existing.size() != file.size()) {
            return State.OTHER;
        }
        Digest digest = digests.digest(
                        existing.path(), existing.stamp(), file.digest().algorithm())
                .get();
        return compared(digest, file);
    }

    private static State compared(Digest existing, SourceFile file) {
        return existing.equals(file.digest()) ? State.SAME : State.OTHER;
    }

    /** Whether two entries are one file. */
    private static boolean isSameFile(CacheEntry one, CacheEntry other) {
        boolean numbered = one.stamp().inode() != 0
                && one.stamp().inode() == other.stamp().inode()
                && one.device() == other.device();
        return numbered || one.path().equals(other.path());
    }

    /** The file at a target: the existing one, or the planned one. */
    Path origin(SourceFile file) {
        SourceFile planned = plannedFiles.get(file.target());
        return planned == null ? file.target() : planned.source();
    }

    /** Plans a file. */
    void plan(SourceFile file) {
        plannedFiles.putIfAbsent(file.target(), file);
        Path folder = file.target().getParent();
        while (folder != null && folders.put(folder, folder) == null) {
            folder = folder.getParent();
        }
    }

    /** Plans a model. */
    void plan(FoundModel found) {
        found.files().forEach(this::plan);
        folders.put(found.target(), found.target());
        found.links().forEach(link -> {
            for (Path folder = link.link().getParent();
                    folder != null && !folder.equals(found.target());
                    folder = folder.getParent()) {
                folders.put(folder, folder);
            }
        });
    }
}
