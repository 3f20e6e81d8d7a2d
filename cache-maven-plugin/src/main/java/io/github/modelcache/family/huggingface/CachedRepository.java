package io.github.modelcache.family.huggingface;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.FolderListing;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One repository of a hub cache as it is on the disk.
 *
 * @param folder such as {@code models--org--name}
 * @param parts its files and links by what they are
 * @param unreadable what could not be read, and why
 */
public record CachedRepository(Path folder, Map<HubPart, List<CacheEntry>> parts, Map<Path, IOException> unreadable) {

    /** Reads a repository; of links it reads the text, never the target. */
    public static CachedRepository read(HubPlaces places, Path folder) {
        Map<HubPart, List<CacheEntry>> parts = new EnumMap<>(HubPart.class);
        Map<Path, IOException> unreadable = new TreeMap<>();
        CacheWalk.walk(folder, new CacheWalk.Visitor() {
            @Override
            public void entry(CacheEntry entry) {
                parts.computeIfAbsent(places.part(entry), unused -> new ArrayList<>())
                        .add(entry);
            }

            @Override
            public void unreadable(Path path, IOException reason) {
                unreadable.put(path, reason);
            }
        });
        return new CachedRepository(folder, parts, unreadable);
    }

    /**
     * The partial downloads of a repository, by any client; nothing else is read.
     *
     * @throws IOException when its blobs can't be listed
     */
    public static List<Path> partialDownloads(Path folder) throws IOException {
        return FolderListing.of(HubPlaces.blobs(folder)).stream()
                .filter(PartialFiles::isUnfinished)
                .toList();
    }

    /** The folder of a repository's blobs. */
    public static Path blobs(Path folder) {
        return HubPlaces.blobs(folder);
    }

    /** The algorithm of the digest that is the name of a blob; empty for any other file. */
    public static Optional<DigestAlgorithm> namingDigest(HubPlaces places, CacheEntry entry) {
        boolean blob = places.hold(entry.path()) && places.part(entry) == HubPart.BLOB;
        return blob ? HubPlaces.algorithm(entry.path().getFileName().toString()) : Optional.empty();
    }

    /** The SHA-256 that is a blob's name. */
    public static Optional<String> sha256(Path blob) {
        String name = String.valueOf(blob.getFileName());
        return HubPlaces.algorithm(name).filter(DigestAlgorithm.SHA256::equals).map(algorithm -> name);
    }

    /**
     * The folders of all commits, sorted by name; nothing else is read.
     *
     * @throws IOException when they can't be listed
     */
    static List<Path> snapshots(Path repository) throws IOException {
        Path folder = HubPlaces.snapshots(repository);
        List<Path> children = new ArrayList<>();
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            children.addAll(FolderListing.of(folder));
            children.removeIf(entry -> PlatformFiles.isForeign(String.valueOf(entry.getFileName())));
        }
        return children;
    }

    /**
     * The refs that name a commit, compared without surrounding white space, as clients do. Refs that can't be read are
     * left out.
     */
    static List<Path> refs(Path repository, String commit) {
        List<Path> refs = new ArrayList<>();
        Path folder = HubPlaces.refs(repository);
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            addRefs(folder, commit, refs);
        }
        return refs;
    }

    private static void addRefs(Path folder, String commit, List<Path> refs) {
        List<Path> entries;
        try {
            entries = FolderListing.of(folder);
        } catch (IOException e) {
            return;
        }
        for (Path entry : entries) {
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                addRefs(entry, commit, refs);
            } else if (names(entry, commit)) {
                refs.add(entry);
            }
        }
    }

    private static boolean names(Path file, String commit) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && RefFile.content(file).map(String::strip).equals(Optional.of(commit));
        } catch (IOException e) {
            return false;
        }
    }

    /** The files and links of one kind. */
    public List<CacheEntry> entries(HubPart part) {
        return parts.getOrDefault(part, List.of());
    }

    /** The paths of one kind. */
    public List<Path> paths(HubPart part) {
        return entries(part).stream().map(CacheEntry::path).toList();
    }

    /** When a partial download was last written to; empty if there is none. */
    public Optional<Instant> lastPartialWrite() {
        return entries(HubPart.PARTIAL).stream().map(CacheEntry::modified).max(Instant::compareTo);
    }

    /**
     * The name of the blob that a link of a snapshot leads to; empty if it leads out of the repository.
     *
     * @throws IOException when the link can't be read
     */
    public Optional<Path> blobName(Path link) throws IOException {
        Path blobs = HubPlaces.blobs(folder);
        // First by its text, because the blob may be a link into the shared store.
        Path target = link.resolveSibling(Files.readSymbolicLink(link)).normalize();
        if (blobs.equals(target.getParent())) {
            return Optional.of(target.getFileName());
        }
        try {
            Path real = link.toRealPath();
            return real.getParent() != null && real.getParent().equals(blobs.toRealPath())
                    ? Optional.of(real.getFileName())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether a link of a snapshot leads to a blob by the relative path that clients write; any other link breaks when
     * the repository is moved.
     *
     * @throws IOException when the link can't be read
     */
    public boolean isRelative(Path link, Path blobName) throws IOException {
        Path snapshotFolder = link.resolveSibling(".").normalize();
        Path relative = snapshotFolder.relativize(HubPlaces.blobs(folder).resolve(blobName));
        return Files.readSymbolicLink(link).equals(relative);
    }
}
