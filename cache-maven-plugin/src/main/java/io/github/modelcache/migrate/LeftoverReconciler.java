package io.github.modelcache.migrate;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.CacheDirTag;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.files.FileStamp;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.inventory.fingerprint.Fingerprints;
import io.github.modelcache.inventory.scan.CacheEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a place that is about to be emptied has, and the cache that takes its place has not, or not as good: of two
 * contents of one name the one stays whose digest is right, or the newer one of two states of the same file. Where nobody
 * can tell, nothing is changed.
 */
final class LeftoverReconciler {

    private static final String REPORTS = "reports";

    private final Path old;
    private final Path at;
    private final Optional<Copied> copied;
    private final Path base;
    private final ExpectedDigests known;
    private final PartialDownloads parts;
    private final AtomicFileOperations relay;

    /** Which files this very run has copied, and found right. */
    @FunctionalInterface
    interface Copied {
        /** Whether a file below the old place is as it was then. */
        boolean asItWas(Path below, FileStamp stamp);
    }

    /**
     * The remains of a place.
     *
     * @param old the place that will be emptied
     * @param at where the cache lies
     * @param base the folder that the config names, whichever of the two it is or leads to
     * @param copied where {@code at} is a copy of {@code old}, so that the newer of two states of a file is its last
     */
    LeftoverReconciler(
            Path old,
            Path at,
            Path base,
            Optional<Copied> copied,
            ExpectedDigests known,
            PartialDownloads parts,
            AtomicFileOperations relay) {
        this.old = old;
        this.at = at;
        this.base = base;
        this.copied = copied;
        this.known = known;
        this.parts = parts;
        this.relay = relay;
    }

    /**
     * The entries that are to be brought.
     *
     * @throws IOException when two differ and nobody can tell which is right; both are named
     */
    List<CacheEntry> better() throws IOException {
        return better(new Fingerprints(), new ArrayList<>());
    }

    private List<CacheEntry> better(Fingerprints seen, List<CacheEntry> open) throws IOException {
        List<CacheEntry> better = new ArrayList<>();
        for (CacheEntry entry : TreeCopy.entries(old)) {
            seen.add(entry);
            // Nobody misses a lock, and reading one gives it back if this process holds it.
            boolean content = entry.kind() != CacheEntry.Kind.OTHER && !Layout.isLock(entry.path());
            if (parts.mayBeOpen(old, entry)) {
                open.add(entry);
            } else if (content && isBetter(entry)) {
                better.add(entry);
            }
        }
        return better;
    }

    /**
     * Brings them.
     *
     * @return what all entries looked like before; only what looks so still may go
     */
    Fingerprints bring() throws IOException {
        Fingerprints seen = new Fingerprints();
        WritableDirectories opened = new WritableDirectories();
        MovedLinks links = new MovedLinks(old, at, base);
        List<CacheEntry> open = new ArrayList<>();
        for (CacheEntry entry : better(seen, open)) {
            Path there = there(entry);
            opened.open(there.resolveSibling(".").normalize());
            Path temporary = PartialFiles.beside(there, "move", Optional.empty());
            switch (entry.kind()) {
                case DIRECTORY -> Files.createDirectories(there);
                case LINK -> relay.symbolicLink(there, temporary, links.text(entry.path()));
                default -> relay.copy(old, entry.path(), temporary, there);
            }
        }
        for (CacheEntry part : open) {
            opened.open(there(part).resolveSibling(".").normalize());
            PartialDownloads.dropOlder(part, at, there(part), relay);
        }
        opened.close();
        return seen;
    }

    private Path there(CacheEntry entry) {
        return at.resolve(old.relativize(entry.path()));
    }

    private boolean isBetter(CacheEntry entry) throws IOException {
        Path there = there(entry);
        if (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        CacheEntry other = CacheEntry.of(there);
        boolean folders = entry.kind() == CacheEntry.Kind.DIRECTORY && other.kind() == CacheEntry.Kind.DIRECTORY;
        if (folders || isMadeAnew(entry.path())) {
            return false;
        }
        if (entry.kind() == CacheEntry.Kind.FILE && other.kind() == CacheEntry.Kind.FILE) {
            return !isCopied(entry, other) && !haveOneContent(entry, other) && isBetter(entry, other);
        }
        if (leadsToTheSame(entry.path(), there)) {
            return false;
        }
        throw undecided(entry.path(), there);
    }

    /** Without reading the two: gigabytes may have been copied, and were read then. */
    private boolean isCopied(CacheEntry entry, CacheEntry other) {
        return copied.isPresent()
                && entry.size() == other.size()
                && (entry.stamp().modifiedNanos() == other.stamp().modifiedNanos()
                        || copied.get().asItWas(old.relativize(entry.path()), entry.stamp()));
    }

    /** Notes and leftovers, which whoever needs them writes again. */
    private boolean isMadeAnew(Path path) {
        Path below = old.relativize(path);
        Path name = below.getFileName();
        HubPlaces.Kind kind = known.kind(base.resolve(below));
        return below.startsWith(MoveMarker.FOLDER)
                || name.equals(Path.of(CacheDirTag.NAME))
                || below.startsWith(REPORTS)
                || PartialFiles.isPartial(path)
                || (kind != HubPlaces.Kind.SNAPSHOT && PlatformFiles.is(name.toString()))
                || kind == HubPlaces.Kind.TREES; // one commit has one list
    }

    private boolean isBetter(CacheEntry entry, CacheEntry other) throws IOException {
        Path place = base.resolve(old.relativize(entry.path()));
        Optional<Boolean> right = known.isRight(place, entry.path());
        Optional<Boolean> otherRight = known.isRight(place, other.path());
        if (right.isPresent() && !right.equals(otherRight)) {
            return right.get();
        }
        boolean pointer = known.kind(place) == HubPlaces.Kind.REFS;
        long later = entry.stamp().modifiedNanos() - other.stamp().modifiedNanos();
        if (later == 0 || !(copied.isPresent() || pointer)) {
            throw undecided(entry.path(), other.path());
        }
        return later > 0;
    }

    private static boolean haveOneContent(CacheEntry one, CacheEntry other) throws IOException {
        return one.size() == other.size()
                && Hashing.digest(one.path(), DigestAlgorithm.SHA256)
                        .equals(Hashing.digest(other.path(), DigestAlgorithm.SHA256));
    }

    /** A link and another, or a link and a file, that lead to one content. */
    private boolean leadsToTheSame(Path one, Path other) throws IOException {
        if (Files.isSymbolicLink(one)
                && Files.isSymbolicLink(other)
                && (saysTheSame(one, Files.readSymbolicLink(other)) || isOnePlace(one, other))) {
            return true;
        }
        return Files.isRegularFile(one)
                && Files.isRegularFile(other)
                && haveOneContent(CacheEntry.resolved(one), CacheEntry.resolved(other));
    }

    /** Whether a link has a text, or has it once it is moved. */
    private boolean saysTheSame(Path link, Path text) throws IOException {
        return Files.readSymbolicLink(link).equals(text)
                || new MovedLinks(old, at, base).text(link).equals(text)
                || new MovedLinks(old, at.toRealPath(), base).text(link).equals(text);
    }

    private static boolean isOnePlace(Path one, Path other) throws IOException {
        return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
    }

    private static IOException undecided(Path one, Path other) {
        return new IOException(
                one + " and " + other + " differ, and nobody can tell which is right; delete the one that you"
                        + " don't need, and run mvn cache:migrate again. Neither was deleted");
    }
}
