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
    private final Map<Path, SourceFile> coming = new HashMap<>();
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
    boolean free(Path target) {
        return !Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !folders.containsKey(target);
    }

    /** Whether a file exists or is planned. */
    boolean present(Path target) {
        return coming.containsKey(target) || Files.isRegularFile(target);
    }

    /** Whether a folder exists or is planned. */
    boolean presentFolder(Path target) {
        return folders.containsKey(target) || Files.isDirectory(target);
    }

    State state(SourceFile piece) throws IOException {
        SourceFile planned = coming.get(piece.target());
        if (planned != null) {
            return isOne(planned.content(), piece.content()) ? State.ITSELF : compared(planned.digest(), piece);
        }
        CacheEntry there;
        try {
            there = CacheEntry.resolved(piece.target());
        } catch (NoSuchFileException e) {
            return State.ABSENT;
        }
        if (there.kind() != CacheEntry.Kind.FILE) {
            return State.OTHER;
        }
        if (isOne(there, piece.content())) {
            return State.ITSELF;
        }
        if (there.size() != piece.size()) {
            return State.OTHER;
        }
        Digest digest = digests.digest(
                        there.path(), there.stamp(), piece.digest().algorithm())
                .get();
        return compared(digest, piece);
    }

    private static State compared(Digest there, SourceFile piece) {
        return there.equals(piece.digest()) ? State.SAME : State.OTHER;
    }

    /** Whether two entries are one file. */
    private static boolean isOne(CacheEntry one, CacheEntry other) {
        boolean numbered = one.stamp().inode() != 0
                && one.stamp().inode() == other.stamp().inode()
                && one.device() == other.device();
        return numbered || one.path().equals(other.path());
    }

    /** The file at a target: the existing one, or the planned one. */
    Path origin(SourceFile piece) {
        SourceFile planned = coming.get(piece.target());
        return planned == null ? piece.target() : planned.source();
    }

    /** Plans a file. */
    void coming(SourceFile piece) {
        coming.putIfAbsent(piece.target(), piece);
        Path folder = piece.target().getParent();
        while (folder != null && folders.put(folder, folder) == null) {
            folder = folder.getParent();
        }
    }

    /** Plans a model. */
    void coming(FoundModel find) {
        find.pieces().forEach(this::coming);
        folders.put(find.target(), find.target());
        find.links().forEach(link -> {
            for (Path folder = link.link().getParent();
                    folder != null && !folder.equals(find.target());
                    folder = folder.getParent()) {
                folders.put(folder, folder);
            }
        });
    }
}
