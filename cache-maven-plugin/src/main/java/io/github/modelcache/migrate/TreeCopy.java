package io.github.modelcache.migrate;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.CacheDirTag;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.files.FileStamp;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.inventory.usage.CacheUsage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Copies a whole folder to another disk: links as links, files with several names as one, times and permissions kept as
 * far as that disk keeps them. What a stopped run has copied is not copied again. Locks stay
 * behind, and partial files that a program may have open.
 */
final class TreeCopy {

    /** FAT keeps even seconds, exFAT and some network drives are finer, none is coarser. */
    private static final long COARSEST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Path source;
    private final Path target;
    private final MovedLinks links;
    private final PartialDownloads parts;
    private final AtomicFileOperations relay;
    private final WritableDirectories opened = new WritableDirectories();
    /** Sources as they were when their copies were found to be right. */
    private final Map<Path, FileStamp> right = new HashMap<>();
    /** What this very run has put into the target. */
    private final Set<Path> made = new HashSet<>();

    TreeCopy(Path source, Path target, MovedLinks links, PartialDownloads parts, AtomicFileOperations relay) {
        this.source = source;
        this.target = target;
        this.links = links;
        this.parts = parts;
        this.relay = relay;
    }

    Path source() {
        return source;
    }

    private record Identity(long device, long inode) {}

    /**
     * The entries of a folder, folders before what lies in them; without our own notes.
     *
     * @throws IOException when something can't be read, so that not all are known
     */
    static List<CacheEntry> entries(Path root) throws IOException {
        List<CacheEntry> entries = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        CacheWalk.walk(root, new CacheWalk.Visitor() {
            @Override
            public void entry(CacheEntry entry) {
                if (!MoveMarker.isNote(root, entry.path())) {
                    entries.add(entry);
                }
            }

            @Override
            public void directory(CacheEntry directory) {
                entries.add(directory);
            }

            @Override
            public void unreadable(Path path, IOException reason) {
                unreadable.add(path + " (" + IoErrors.message(reason, path) + ")");
            }
        });
        if (!unreadable.isEmpty()) {
            throw new IOException(unreadable.get(0) + " can't be read, so the cache can't be moved as a whole; give the"
                    + " user who runs Maven the right to read it, or delete it");
        }
        return entries;
    }

    /** The bytes of a folder's distinct contents. */
    static long bytes(Path folder) throws IOException {
        CacheUsage usage = new CacheUsage();
        entries(folder).forEach(usage::add);
        return usage.bytes();
    }

    /** The bytes that are still to be copied, as far as sizes and times tell. */
    long missingBytes() throws IOException {
        CacheUsage usage = new CacheUsage();
        for (CacheEntry entry : entries(source)) {
            if (!staysBehind(entry) && !isAlike(entry)) {
                usage.add(entry);
            }
        }
        return usage.bytes();
    }

    /** Whether there is a symbolic link in a folder. */
    static boolean hasLinks(Path folder) throws IOException {
        return entries(folder).stream().anyMatch(entry -> entry.kind() == CacheEntry.Kind.LINK);
    }

    /** A link that leads out of a folder by a relative path, and so would lead elsewhere from another place. */
    static Optional<Path> homelessLink(Path folder) throws IOException {
        for (CacheEntry entry : entries(folder)) {
            if (entry.kind() == CacheEntry.Kind.LINK && MovedLinks.isHomeless(folder, entry.path())) {
                return Optional.of(entry.path());
            }
        }
        return Optional.empty();
    }

    /** Whether a copy has the size of its source, and its time as precise as its disk keeps it. */
    private boolean isAlike(CacheEntry entry) throws IOException {
        Path there = there(entry);
        if (!Files.isRegularFile(there, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        CacheEntry copy = CacheEntry.of(there);
        return copy.size() == entry.size() && apart(entry, copy) < COARSEST_NANOS;
    }

    private static long apart(CacheEntry one, CacheEntry other) {
        return Math.abs(one.stamp().modifiedNanos() - other.stamp().modifiedNanos());
    }

    /** The time tells only where both disks keep it alike; elsewhere this very run knows, or the contents are read. */
    private boolean isThere(CacheEntry entry) throws IOException {
        Path there = there(entry);
        if (!Files.isRegularFile(there, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        CacheEntry copy = CacheEntry.of(there);
        if (copy.size() != entry.size()) {
            return false;
        }
        if (apart(entry, copy) == 0 || entry.stamp().equals(right.get(below(entry)))) {
            return true;
        }
        boolean same = apart(entry, copy) < COARSEST_NANOS && haveOneContent(entry.path(), there);
        if (same) {
            right.put(below(entry), entry.stamp());
        }
        return same;
    }

    private static boolean haveOneContent(Path one, Path other) throws IOException {
        return Hashing.digest(one, DigestAlgorithm.SHA256).equals(Hashing.digest(other, DigestAlgorithm.SHA256));
    }

    private Path below(CacheEntry entry) {
        return source.relativize(entry.path());
    }

    private Path there(CacheEntry entry) {
        return target.resolve(below(entry));
    }

    /** Whether a file of the source has not changed since this very run found that its copy is right. */
    boolean hasCopied(Path below, FileStamp stamp) {
        return stamp.equals(right.get(below));
    }

    /**
     * Copies until source and target are equal; a program that goes on writing ends that.
     *
     * @param drop whether what the source has no more goes from the target, if this run has copied it
     * @return the bytes copied
     */
    long run(boolean drop) throws IOException {
        long copied = pass();
        for (int again = 0; again < 2; again++) {
            long more = pass();
            if (more == 0) {
                if (drop) {
                    dropOthers();
                }
                keepPermissions();
                return copied;
            }
            copied += more;
        }
        throw new IOException("programs go on writing into " + source
                + "; stop them and run mvn cache:migrate again. The cache is still where it was");
    }

    private long pass() throws IOException {
        long copied = 0;
        Map<Identity, Path> names = new HashMap<>();
        for (CacheEntry entry : entries(source)) {
            Path there = there(entry);
            switch (entry.kind()) {
                case DIRECTORY -> directory(there);
                case LINK -> link(entry, there);
                case FILE -> copied += staysBehind(entry) ? dropOlder(entry, there) : file(entry, there, names);
                case OTHER -> {} // a pipe or a socket holds nothing
            }
        }
        return copied;
    }

    /** A lock is empty, and reading one gives it back if this process holds it; whoever needs one there makes it. */
    private boolean staysBehind(CacheEntry entry) {
        return Layout.isLock(entry.path()) || parts.mayBeOpen(source, entry);
    }

    private long dropOlder(CacheEntry part, Path there) throws IOException {
        opened.open(there.resolveSibling(".").normalize());
        PartialDownloads.dropOlder(part, target, there, relay);
        return 0;
    }

    /** Makes sure that a copy can be written, and that no link leads it out of the target. */
    private void prepareFolderOf(Path there) throws IOException {
        Path folder = there.resolveSibling(".").normalize();
        for (Path above = folder;
                above.startsWith(target) && !above.equals(target);
                above = above.resolveSibling(".").normalize()) {
            if (!Files.isDirectory(above, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileSystemException(
                        above.toString(),
                        null,
                        "is a link or no folder, so nothing is copied there. The cache is still" + " where it was");
            }
        }
        opened.open(folder);
    }

    private void directory(Path there) throws IOException {
        if (Files.isDirectory(there, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        prepareFolderOf(there);
        if (made.contains(there)) {
            relay.delete(target, there); // when it was copied, the source had a link or a file here
        }
        Files.createDirectories(there);
    }

    private void link(CacheEntry entry, Path there) throws IOException {
        Path text = links.text(entry.path());
        if (!Files.isSymbolicLink(there) || !Files.readSymbolicLink(there).equals(text)) {
            prepareFolderOf(there);
            relay.symbolicLink(there, PartialFiles.beside(there, "move", Optional.empty()), text);
            made.add(there);
        }
    }

    private long file(CacheEntry entry, Path there, Map<Identity, Path> names) throws IOException {
        Path temporary = PartialFiles.beside(there, "move", Optional.empty());
        if (entry.links() > 1) {
            Identity identity = new Identity(entry.device(), entry.stamp().inode());
            Path first = names.putIfAbsent(identity, there);
            if (first != null) {
                boolean one = Files.exists(there) && Files.isSameFile(first, there);
                if (one || hardLink(first, temporary, there)) {
                    return 0;
                }
            }
        }
        if (isThere(entry)) {
            return 0;
        }
        prepareFolderOf(there);
        try {
            relay.copy(source, entry.path(), temporary, there);
        } catch (NoSuchFileException e) {
            return 0; // gone since the folder was read
        }
        right.put(below(entry), entry.stamp());
        made.add(there);
        return entry.size();
    }

    private boolean hardLink(Path first, Path temporary, Path there) throws IOException {
        prepareFolderOf(there);
        boolean linked = relay.hardLink(first, temporary, there);
        if (linked) {
            made.add(there);
        }
        return linked;
    }

    /** Last and from below, because nothing can be put into a folder that is only for reading. */
    private void keepPermissions() throws IOException {
        List<CacheEntry> entries = entries(source);
        for (int i = entries.size() - 1; i >= 0; i--) {
            CacheEntry entry = entries.get(i);
            if (entry.kind() == CacheEntry.Kind.DIRECTORY) {
                AtomicFileOperations.keepPermissions(entry.path(), there(entry));
            }
        }
    }

    /**
     * Refuses a folder that a stopped run has begun to copy to when it has files that the source has not, or newer ones:
     * somebody may have put them there since, and nobody can tell them from copies of what the source had then.
     */
    void requireNoStrangers() throws IOException {
        for (CacheEntry entry : others()) {
            Path below = target.relativize(entry.path());
            boolean nobodysMissed = PartialFiles.isPartial(entry.path())
                    || Layout.isLock(entry.path())
                    || below.equals(Path.of(CacheDirTag.NAME))
                    || PlatformFiles.is(String.valueOf(below.getFileName()));
            if (!nobodysMissed) {
                throw stranger(entry.path(), "is not in the cache " + source + " that is being moved there");
            }
        }
        for (CacheEntry entry : entries(source)) {
            if (entry.kind() == CacheEntry.Kind.FILE && !staysBehind(entry) && isOvertaken(entry)) {
                throw stranger(there(entry), "is newer than " + entry.path() + ", which is being moved there");
            }
        }
    }

    /** Whether something else lies where a copy goes: a copy is as old as what it was made of, so never newer. */
    private boolean isOvertaken(CacheEntry entry) throws IOException {
        Path there = there(entry);
        return Files.isRegularFile(there, LinkOption.NOFOLLOW_LINKS)
                && CacheEntry.of(there).stamp().modifiedNanos() - entry.stamp().modifiedNanos() > COARSEST_NANOS
                && !haveOneContent(entry.path(), there);
    }

    private static IOException stranger(Path file, String what) {
        return new IOException(file + " " + what + ". Move it elsewhere, or delete it if nobody needs it, and run mvn"
                + " cache:migrate again; or name another folder. Nothing was changed");
    }

    /** What is in the target, and not in the source. */
    private List<CacheEntry> others() throws IOException {
        List<CacheEntry> others = new ArrayList<>();
        for (CacheEntry entry : entries(target)) {
            Path origin = source.resolve(target.relativize(entry.path()));
            if (entry.kind() != CacheEntry.Kind.DIRECTORY && !Files.exists(origin, LinkOption.NOFOLLOW_LINKS)) {
                others.add(entry);
            }
        }
        return others;
    }

    /** What is in the source no more since this run has copied it, and what a stopped run left half copied. */
    private void dropOthers() throws IOException {
        for (CacheEntry entry : others()) {
            if (made.contains(entry.path()) || PartialFiles.isPartial(entry.path())) {
                opened.open(entry.path().resolveSibling(".").normalize());
                new TreeDeleter().deleteFile(target, entry.path());
            }
        }
    }
}
