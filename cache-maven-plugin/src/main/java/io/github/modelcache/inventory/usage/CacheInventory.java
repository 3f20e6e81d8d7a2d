package io.github.modelcache.inventory.usage;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.huggingface.CachedRepository;
import io.github.modelcache.family.huggingface.HubPart;
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

    private final Map<Object, CachedContent> contents = new HashMap<>();
    private final Set<String> digests = new HashSet<>();
    private final List<Root> roots = new ArrayList<>();
    private final List<ModelUsage> models = new ArrayList<>();
    private final CachedModels known;
    private final Staleness staleness;
    private long duplicateBytes;
    private long staleBytes;

    private CacheInventory(CachedModels known, Staleness staleness) {
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

    /**
     * Walks over all roots.
     *
     * @throws IOException when a folder of models can't be listed
     */
    public static CacheInventory take(CacheConfig config, Lock lock, Instant now) throws IOException {
        CacheInventory inventory = new CacheInventory(new CachedModels(config, lock), new Staleness(config, lock, now));
        for (CacheRoot root : config.roots()) {
            inventory.walk(root);
        }
        inventory.models.sort(
                Comparator.comparing(usage -> usage.cached().locked().isEmpty()));
        inventory.models.forEach(ModelUsage::countUses);
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
    public List<ModelUsage> models() {
        return List.copyOf(models);
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
                        content.found() && content.freeable() && content.ofModels() == (kind == CacheRoot.Kind.MODEL))
                .mapToLong(CachedContent::bytes)
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

    /** The bytes that deleting all unused models frees. Call it once, and not {@link #remove} after it. */
    public long unusedBytes() {
        return models.stream()
                .filter(usage -> known.isUnused(usage.cached()))
                .mapToLong(usage -> usage.remove(true))
                .sum();
    }

    /**
     * The bytes that the caches lose when a unit is deleted, after those for which this was called before. A content
     * with a name outside of the caches counts too, although deletion does not free it.
     */
    public long remove(ModelUsage usage) {
        return usage.remove(false);
    }

    /** The bytes of the declared models: in all roots, or in one. */
    public long declaredBytes(Optional<CacheRoot> root) {
        return models.stream()
                .filter(this::isDeclared)
                .filter(usage -> root.isEmpty()
                        || usage.cached().root().equals(root.get().path()))
                .mapToLong(ModelUsage::bytes)
                .sum();
    }

    /** Whether it is a declared model, at the revision that the lock file pins if it pins one. */
    public boolean isDeclared(ModelUsage usage) {
        CachedModel cached = usage.cached();
        return cached.declared()
                && !cached.isLibraryPlace()
                && (cached.locked().isPresent() || !known.isPinned(cached));
    }

    private final class RootWalk implements CacheWalk.Visitor {

        private final CacheRoot root;
        private final Map<Path, ModelUsage> places = new HashMap<>();
        /** The models of each hub repository, by its folder of blobs. */
        private final Map<Path, List<ModelUsage>> repositories = new HashMap<>();

        private @Nullable ModelUsage owner;
        private boolean blobs;
        private boolean locks;
        private long bytes;
        private long files;

        RootWalk(CacheRoot root) {
            this.root = root;
        }

        void add(CachedModel cached) {
            ModelUsage usage = new ModelUsage(cached);
            models.add(usage);
            places.put(cached.unit().place(), usage);
            if (cached.unit().repository().isEmpty()) {
                cached.unit().parts().forEach(part -> places.put(part, usage));
            }
            cached.unit()
                    .repository()
                    .ifPresent(folder -> repositories
                            .computeIfAbsent(CachedRepository.blobs(folder), unused -> new ArrayList<>())
                            .add(usage));
        }

        @Override
        public void enter(Path folder) {
            List<ModelUsage> revisions = repositories.get(folder);
            blobs = revisions != null;
            locks = Layout.holdsLocks(folder);
            // Of several revisions, only the links of the snapshots tell which has a blob.
            owner = revisions == null ? owner(folder) : revisions.size() == 1 ? revisions.get(0) : null;
        }

        private @Nullable ModelUsage owner(Path folder) {
            for (Path above = folder; above != null && above.startsWith(root.path()); above = above.getParent()) {
                ModelUsage usage = places.get(above);
                if (usage != null) {
                    return usage;
                }
            }
            return null;
        }

        @Override
        public void entry(CacheEntry entry) {
            ModelUsage usage = places.getOrDefault(entry.path(), owner);
            if (entry.kind() == CacheEntry.Kind.LINK && usage != null) {
                link(entry.path(), usage);
            } else if (entry.kind() == CacheEntry.Kind.FILE) {
                file(entry, usage);
            }
        }

        private void link(Path link, ModelUsage usage) {
            try {
                CacheEntry target = CacheEntry.target(link);
                if (target.kind() == CacheEntry.Kind.FILE) {
                    usage.add(content(target), target.lastUsedNanos());
                }
            } catch (IOException e) {
                return; // a broken link, which verify reports
            }
        }

        private CachedContent content(CacheEntry entry) {
            return contents.computeIfAbsent(entry.identity(), unused -> new CachedContent());
        }

        private void file(CacheEntry entry, @Nullable ModelUsage usage) {
            Path path = entry.path();
            Optional<HubPart> part = blobs ? Optional.of(HubPart.besideBlobs(entry)) : Optional.empty();
            if ((locks && Layout.isLock(path)) || part.equals(Optional.of(HubPart.DISPOSABLE))) {
                return;
            }
            CachedContent content = content(entry);
            if (content.foundFirst(entry, root.kind() == CacheRoot.Kind.MODEL)) {
                files++;
                bytes += entry.size();
                staleBytes += staleness.isStale(root, entry) ? entry.size() : 0;
                duplicateBytes += part.equals(Optional.of(HubPart.BLOB)) && isDuplicate(path) ? entry.size() : 0;
            }
            if (usage != null && blobs && PartialFiles.isUnfinished(path)) {
                usage.setUnfinished();
            } else if (usage != null) {
                usage.add(content, entry.lastUsedNanos());
            }
        }

        /** Whether a blob of this digest was found before, in another repository. */
        private boolean isDuplicate(Path blob) {
            return CachedRepository.sha256(blob)
                    .filter(digest -> !digests.add(digest))
                    .isPresent();
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            // Its size is unknown; verify reports it.
        }
    }
}
