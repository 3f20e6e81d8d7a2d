package io.github.modelcache.migrate;

import io.github.modelcache.inventory.CacheEntry;
import io.github.modelcache.inventory.CacheUsage;
import io.github.modelcache.inventory.CacheWalk;
import io.github.modelcache.io.FileRelay;
import io.github.modelcache.io.TreeDeleter;
import io.github.modelcache.layout.PartialFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies a whole folder to another disk: links as links, files with several names as one, times kept. What a stopped run
 * has copied is not copied again.
 */
final class TreeCopy {

    private final Path source;
    private final Path target;
    private final FileRelay relay;

    TreeCopy(Path source, Path target, FileRelay relay) {
        this.source = source;
        this.target = target;
        this.relay = relay;
    }

    private record Identity(long device, long inode) {}

    /** The entries of the source, folders before what lies in them; without our own note. */
    private List<CacheEntry> entries(Path root) throws IOException {
        List<CacheEntry> entries = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        CacheWalk.walk(root, new CacheWalk.Visitor() {
            @Override
            public void entry(CacheEntry entry) {
                if (!entry.path().equals(MoveMarker.in(root))) {
                    entries.add(entry);
                }
            }

            @Override
            public void directory(CacheEntry directory) {
                entries.add(directory);
            }

            @Override
            public void unreadable(Path path, IOException reason) {
                unreadable.add(path + " (" + reason.getMessage() + ")");
            }
        });
        if (!unreadable.isEmpty()) {
            throw new IOException(unreadable.get(0) + " can't be read, so the cache can't be moved as a whole; give the"
                    + " user who runs Maven the right to read it, or delete it");
        }
        return entries;
    }

    /** The bytes of the source's distinct contents. */
    long bytes() throws IOException {
        CacheUsage usage = new CacheUsage();
        entries(source).forEach(usage::add);
        return usage.bytes();
    }

    /** The bytes that are still to be copied. */
    long missingBytes() throws IOException {
        CacheUsage usage = new CacheUsage();
        for (CacheEntry entry : entries(source)) {
            if (!isThere(entry)) {
                usage.add(entry);
            }
        }
        return usage.bytes();
    }

    /** A link that leads out of the folder by a relative path, and so would lead elsewhere from another place. */
    Optional<Path> homelessLink() throws IOException {
        for (CacheEntry entry : entries(source)) {
            if (entry.kind() == CacheEntry.Kind.LINK) {
                Path text = Files.readSymbolicLink(entry.path());
                Path lexical = entry.path().resolveSibling(text).normalize();
                if (!text.isAbsolute() && !lexical.startsWith(source)) {
                    return Optional.of(entry.path());
                }
            }
        }
        return Optional.empty();
    }

    private boolean isThere(CacheEntry entry) throws IOException {
        Path there = there(entry);
        if (!Files.isRegularFile(there, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        CacheEntry copy = CacheEntry.of(there);
        return copy.size() == entry.size()
                && copy.stamp().modifiedNanos() == entry.stamp().modifiedNanos();
    }

    private Path there(CacheEntry entry) {
        return target.resolve(source.relativize(entry.path()));
    }

    /**
     * Copies until source and target are equal; a program that goes on writing ends that.
     *
     * @param drop whether what the source lacks goes from the target
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
                case DIRECTORY -> directory(entry, there);
                case LINK -> relay.symbolicLink(there, Files.readSymbolicLink(entry.path()));
                case FILE -> copied += file(entry, there, names);
                case OTHER -> {} // a pipe or a socket holds nothing
            }
        }
        return copied;
    }

    private static void directory(CacheEntry entry, Path there) throws IOException {
        if (!Files.isDirectory(there, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(there);
            FileRelay.keepPermissions(entry.path(), there);
        }
    }

    private long file(CacheEntry entry, Path there, Map<Identity, Path> names) throws IOException {
        Path temporary = PartialFiles.beside(there, "move", Optional.empty());
        if (entry.links() > 1) {
            Identity identity = new Identity(entry.device(), entry.stamp().inode());
            Path first = names.putIfAbsent(identity, there);
            if (first != null) {
                boolean one = Files.exists(there) && Files.isSameFile(first, there);
                if (one || relay.hardLink(first, temporary, there)) {
                    return 0;
                }
            }
        }
        if (isThere(entry)) {
            return 0;
        }
        relay.copy(entry.path(), temporary, there);
        return entry.size();
    }

    /**
     * Brings what a program wrote into the source after it was copied and before it was out of sight; what the target
     * has stays as it is.
     */
    void addLate() throws IOException {
        for (CacheEntry entry : entries(source)) {
            Path there = there(entry);
            if (Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            switch (entry.kind()) {
                case DIRECTORY -> directory(entry, there);
                case LINK -> relay.symbolicLink(there, Files.readSymbolicLink(entry.path()));
                case FILE -> relay.copy(entry.path(), PartialFiles.beside(there, "move", Optional.empty()), there);
                case OTHER -> {} // a pipe or a socket holds nothing
            }
        }
    }

    /** What a stopped run has copied, and is in the source no more. */
    private void dropOthers() throws IOException {
        for (CacheEntry entry : entries(target)) {
            Path origin = source.resolve(target.relativize(entry.path()));
            if (entry.kind() != CacheEntry.Kind.DIRECTORY && !Files.exists(origin, LinkOption.NOFOLLOW_LINKS)) {
                new TreeDeleter().deleteFile(target, entry.path());
            }
        }
    }
}
