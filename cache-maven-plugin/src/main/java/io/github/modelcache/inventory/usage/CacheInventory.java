package io.github.modelcache.inventory.usage;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.model.Lock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The contents of the caches and their sizes. Each content counts once, however many names and links lead to it. */
public final class CacheInventory {

    private final Map<Object, Content> contents = new HashMap<>();
    private final Set<String> digests = new HashSet<>();
    private final List<Root> roots = new ArrayList<>();
    private final List<HoldingUsage> holdings = new ArrayList<>();
    private final Holdings known;
    private final Staleness staleness;
    private long duplicateBytes;
    private long staleBytes;

    private CacheInventory(Holdings known, Staleness staleness) {
        this.known = known;
        this.staleness = staleness;
    }

    /**
     * One cache root.
     *
     * @param exists whether the folder exists
     * @param bytes of the contents that no root before it holds
     * @param files number of these contents
     */
    public record Root(CacheRoot root, boolean exists, long bytes, long files) {}

    /** One content. It is known by a link before a file of it is found. */
    static final class Content {

        private boolean found;
        private boolean ofModels;
        private long bytes;
        private int namesElsewhere;
        private int users;

        boolean found() {
            return found;
        }

        long bytes() {
            return bytes;
        }

        /** Whether all its names lie in the caches; otherwise deleting these frees nothing. */
        boolean freeable() {
            return namesElsewhere <= 0;
        }

        void use() {
            users++;
        }

        /** Removes a user; whether it was the last one. */
        boolean leave() {
            return --users == 0;
        }
    }

    /**
     * Walks over all roots.
     *
     * @throws IOException when a folder of models can't be listed
     */
    public static CacheInventory take(CacheConfig config, Lock lock, Instant now) throws IOException {
        CacheInventory inventory = new CacheInventory(new Holdings(config, lock), new Staleness(config, lock, now));
        for (CacheRoot root : config.roots()) {
            inventory.walk(root);
        }
        inventory.holdings.sort(
                Comparator.comparing(holding -> holding.held().locked().isEmpty()));
        inventory.holdings.forEach(HoldingUsage::weigh);
        return inventory;
    }

    private void walk(CacheRoot root) throws IOException {
        RootWalk walk = new RootWalk(root);
        if (root.kind() == CacheRoot.Kind.MODEL) {
            known.of(root).forEach(walk::add);
        }
        CacheWalk.walk(root.path(), walk);
        roots.add(new Root(root, Files.isDirectory(root.path()), walk.bytes, walk.files));
    }

    /** The roots, in the order of the config. */
    public List<Root> roots() {
        return List.copyOf(roots);
    }

    /** The units that can be deleted, locked models first. Shared contents count with each of them. */
    public List<HoldingUsage> holdings() {
        return List.copyOf(holdings);
    }

    /** The bytes of all contents. */
    public long bytes() {
        return roots.stream().mapToLong(Root::bytes).sum();
    }

    /** The bytes of the contents of one kind of root. */
    public long bytes(CacheRoot.Kind kind) {
        return roots.stream()
                .filter(root -> root.root().kind() == kind)
                .mapToLong(Root::bytes)
                .sum();
    }

    /** The number of contents. */
    public long files() {
        return roots.stream().mapToLong(Root::files).sum();
    }

    /** The bytes that deleting all contents of one kind of root frees; contents with names elsewhere are not among them. */
    public long freeableBytes(CacheRoot.Kind kind) {
        return contents.values().stream()
                .filter(content ->
                        content.found && content.freeable() && content.ofModels == (kind == CacheRoot.Kind.MODEL))
                .mapToLong(Content::bytes)
                .sum();
    }

    /** The bytes of expired application entries and abandoned partial downloads. */
    public long staleBytes() {
        return staleBytes;
    }

    /** The bytes of contents that the hub cache holds more than once, as their names tell. */
    public long duplicateBytes() {
        return duplicateBytes;
    }

    /** The bytes that deleting all unused models frees. Call it once, and not {@link #leave} after it. */
    public long unusedBytes() {
        return holdings.stream()
                .filter(holding -> known.isUnused(holding.held()))
                .mapToLong(holding -> holding.leave(true))
                .sum();
    }

    /**
     * The bytes that the caches lose when a holding is deleted, after those for which this was called before. A content
     * with a name outside of the caches counts too, although deletion does not free it.
     */
    public long leave(HoldingUsage holding) {
        return holding.leave(false);
    }

    /** The bytes of the declared models: in all roots, or in one. */
    public long declaredBytes(Optional<CacheRoot> root) {
        return holdings.stream()
                .filter(this::isDeclared)
                .filter(holding -> root.isEmpty()
                        || holding.held().root().equals(root.get().path()))
                .mapToLong(HoldingUsage::bytes)
                .sum();
    }

    /** Whether it is a declared model, at the revision that the lock file pins if it pins one. */
    public boolean isDeclared(HoldingUsage holding) {
        CachedModel held = holding.held();
        return held.declared() && !held.isLibraryPlace() && (held.locked().isPresent() || !known.isPinned(held));
    }

    private final class RootWalk implements CacheWalk.Visitor {

        private final CacheRoot root;
        private final Map<Path, HoldingUsage> places = new HashMap<>();
        /** The holdings of each hub repository, by its folder of blobs. */
        private final Map<Path, List<HoldingUsage>> repositories = new HashMap<>();

        private @Nullable HoldingUsage owner;
        private boolean blobs;
        private boolean locks;
        private long bytes;
        private long files;

        RootWalk(CacheRoot root) {
            this.root = root;
        }

        void add(CachedModel held) {
            HoldingUsage usage = new HoldingUsage(held);
            holdings.add(usage);
            places.put(held.holding().place(), usage);
            if (held.holding().repository().isEmpty()) {
                held.holding().parts().forEach(part -> places.put(part, usage));
            }
            held.holding()
                    .repository()
                    .ifPresent(folder -> repositories
                            .computeIfAbsent(HubPlaces.blobs(folder), unused -> new ArrayList<>())
                            .add(usage));
        }

        @Override
        public void enter(Path folder) {
            List<HoldingUsage> revisions = repositories.get(folder);
            blobs = revisions != null;
            locks = Layout.holdsLocks(folder);
            // Of several revisions, only the links of the snapshots tell which has a blob.
            owner = revisions == null ? owner(folder) : revisions.size() == 1 ? revisions.get(0) : null;
        }

        private @Nullable HoldingUsage owner(Path folder) {
            for (Path above = folder; above != null && above.startsWith(root.path()); above = above.getParent()) {
                HoldingUsage holding = places.get(above);
                if (holding != null) {
                    return holding;
                }
            }
            return null;
        }

        @Override
        public void entry(CacheEntry entry) {
            HoldingUsage holding = places.getOrDefault(entry.path(), owner);
            if (entry.kind() == CacheEntry.Kind.LINK && holding != null) {
                link(entry.path(), holding);
            } else if (entry.kind() == CacheEntry.Kind.FILE) {
                file(entry, holding);
            }
        }

        private void link(Path link, HoldingUsage holding) {
            try {
                CacheEntry target = CacheEntry.target(link);
                if (target.kind() == CacheEntry.Kind.FILE) {
                    holding.add(content(target), target.lastUsedNanos());
                }
            } catch (IOException e) {
                return; // a broken link, which verify reports
            }
        }

        private Content content(CacheEntry entry) {
            return contents.computeIfAbsent(entry.identity(), unused -> new Content());
        }

        private void file(CacheEntry entry, @Nullable HoldingUsage holding) {
            Path path = entry.path();
            if ((locks && Layout.isLock(path)) || (blobs && HubPlaces.isLock(path.toString()))) {
                return;
            }
            Content content = content(entry);
            boolean first = !content.found;
            if (first) {
                content.found = true;
                content.bytes = entry.size();
                content.ofModels = root.kind() == CacheRoot.Kind.MODEL;
                content.namesElsewhere = entry.links();
                files++;
                bytes += entry.size();
                staleBytes += staleness.isStale(root, entry) ? entry.size() : 0;
                duplicateBytes += blobs && isDuplicate(path) ? entry.size() : 0;
            }
            content.namesElsewhere--;
            if (holding != null && blobs && PartialFiles.isUnfinished(path)) {
                holding.setUnfinished();
            } else if (holding != null) {
                holding.add(content, entry.lastUsedNanos());
            }
        }

        /** Whether a blob of this digest was found before, in another repository. */
        private boolean isDuplicate(Path blob) {
            String name = String.valueOf(blob.getFileName());
            return HubPlaces.algorithm(name).equals(Optional.of(DigestAlgorithm.SHA256)) && !digests.add(name);
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            // Its size is unknown; verify reports it.
        }
    }
}
