package io.github.modelcache.inventory.usage;

import io.github.modelcache.collections.LongMap;
import io.github.modelcache.collections.LongSet;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.inventory.scan.SampledAttributes;
import io.github.modelcache.model.Lock;
import java.io.File;
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

/**
 * What lies in the caches and what it weighs, found in one walk. Each content counts once, however many hard links,
 * links of snapshots and links into the shared store lead to it.
 */
public final class CacheInventory {

    private final ContentTable table = new ContentTable();
    private final LongSet digests = new LongSet();
    private final List<Root> roots = new ArrayList<>();
    private final List<HoldingUsage> stocks = new ArrayList<>();

    private final Holdings holdings;
    private final Staleness staleness;
    private final boolean names;
    private long duplicateBytes;
    private long staleBytes;

    private CacheInventory(Holdings holdings, Staleness staleness, boolean names) {
        this.names = names;
        this.holdings = holdings;
        this.staleness = staleness;
    }

    /**
     * One cache root.
     *
     * @param exists whether there is such a folder
     * @param bytes of the contents that no root before it holds
     * @param files how many those are
     */
    public record Root(CacheRoot root, boolean exists, long bytes, long files) {}

    /**
     * Looks at all roots.
     *
     * @throws IOException when a folder of models can't be listed
     */
    public static CacheInventory take(CacheConfig config, Lock lock, Instant now) throws IOException {
        return take(config, lock, now, true);
    }

    /**
     * Looks at all roots, at less cost: whether contents have names outside of them is found out as far as {@link SampledAttributes}
     * does it.
     *
     * @throws IOException when a folder of models can't be listed
     */
    public static CacheInventory glance(CacheConfig config, Lock lock, Instant now) throws IOException {
        return take(config, lock, now, false);
    }

    private static CacheInventory take(CacheConfig config, Lock lock, Instant now, boolean names) throws IOException {
        CacheInventory inventory =
                new CacheInventory(new Holdings(config, lock), new Staleness(config, lock, now), names);
        for (CacheRoot root : config.roots()) {
            inventory.walk(root);
        }
        // What is locked comes first, so that what it shares with others is not taken for theirs.
        inventory.stocks.sort(
                Comparator.comparing(stock -> stock.held().locked().isEmpty()));
        inventory.stocks.forEach(stock -> stock.weigh(inventory.table));
        return inventory;
    }

    /** The roots, in the order of the config. */
    public List<Root> roots() {
        return List.copyOf(roots);
    }

    /** What can be deleted as a whole, locked models first. Its bytes count with each of those that share a content. */
    public List<HoldingUsage> stocks() {
        return List.copyOf(stocks);
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

    /** All contents. */
    public long files() {
        return roots.stream().mapToLong(Root::files).sum();
    }

    /** The bytes that become free when all contents of one kind of root go; those with names elsewhere do not. */
    public long freeableBytes(CacheRoot.Kind kind) {
        return table.freeable(kind == CacheRoot.Kind.MODEL);
    }

    /** The bytes of expired application entries and abandoned downloads. */
    public long staleBytes() {
        return staleBytes;
    }

    /** The bytes that become free when all unused models go. May be asked for once, and nothing be released after. */
    public long unusedBytes() {
        return stocks.stream()
                .filter(stock -> holdings.isUnused(stock.held()))
                .mapToLong(stock -> stock.release(table))
                .sum();
    }

    /** What the declared models hold: in all roots, or in one. */
    public long declaredBytes(Optional<CacheRoot> root) {
        return stocks.stream()
                .filter(this::isDeclared)
                .filter(stock ->
                        root.isEmpty() || stock.held().root().equals(root.get().path()))
                .mapToLong(HoldingUsage::bytes)
                .sum();
    }

    /** Whether it is what the config means: not a revision beside the one that the lock pins. */
    public boolean isDeclared(HoldingUsage stock) {
        CachedModel held = stock.held();
        return held.declared() && (held.locked().isPresent() || !holdings.isPinned(held));
    }

    /** The bytes of contents that the hub cache holds more than once, as their names tell. */
    public long duplicateBytes() {
        return duplicateBytes;
    }

    /**
     * The bytes that the caches hold less when a holding goes, after those that went before. Each may go once. A content
     * with a name outside of the caches counts too, though it stays on the disk.
     */
    public long leave(HoldingUsage stock) {
        return stock.leave(table);
    }

    private void walk(CacheRoot root) throws IOException {
        Totals totals = new Totals(root);
        if (root.kind() == CacheRoot.Kind.MODEL) {
            for (CachedModel held : holdings.of(root)) {
                totals.add(new HoldingUsage(held));
            }
        }
        CacheWalk.walk(root.path(), totals);
        roots.add(new Root(root, Files.isDirectory(root.path()), totals.bytes, totals.files));
    }

    /**
     * Where the entries of a folder lie.
     *
     * @param owner what they belong to
     * @param repository whose contents they are, or the files of one of its revisions
     * @param blobs whether they are the contents of that repository
     * @param sole whether it has a single revision, which all its contents belong to
     */
    private record Surroundings(Optional<HoldingUsage> owner, Optional<Path> repository, boolean blobs, boolean sole) {

        static final Surroundings NONE = new Surroundings(Optional.empty(), Optional.empty(), false, false);

        /** Whether they belong to a revision of a repository. */
        boolean snapshot() {
            return repository.isPresent() && !blobs;
        }

        /** Whether somebody will ask what the names of contents stand for. */
        boolean indexed() {
            return !sole || owner.filter(HoldingUsage::needsPlaces).isPresent();
        }
    }

    private final class Totals implements CacheWalk.Visitor {

        private final Map<Path, HoldingUsage> places = new HashMap<>();
        /** Those of a repository with a single revision: whatever lies in its folder of contents is that one's. */
        private final Map<Path, List<HoldingUsage>> repositories = new HashMap<>();

        /** Folders with places that are files; in most folders there are none. */
        private final Set<Path> foldersOfFiles = new HashSet<>();

        private final Map<Path, Surroundings> surroundings = new HashMap<>();
        private final LongMap contentsByName = new LongMap();
        private Surroundings here = Surroundings.NONE;
        private Path folder;
        private @Nullable HoldingUsage owner;
        private boolean blobs;
        private boolean singles;
        private boolean locks;
        private long bytes;
        private long files;
        private final CacheRoot root;
        private final boolean ofModels;

        Totals(CacheRoot root) {
            this.root = root;
            this.ofModels = root.kind() == CacheRoot.Kind.MODEL;
            this.folder = root.path();
        }

        void add(HoldingUsage stock) {
            stocks.add(stock);
            Path place = stock.held().holding().place();
            places.put(place, stock);
            Optional.ofNullable(place.getParent()).ifPresent(foldersOfFiles::add);
            stock.held()
                    .holding()
                    .repository()
                    .ifPresent(folder -> repositories
                            .computeIfAbsent(HubPlaces.blobs(folder), unused -> new ArrayList<>())
                            .add(stock));
        }

        private Surroundings around(Path inside) {
            List<HoldingUsage> revisions = repositories.get(inside);
            if (revisions != null) {
                boolean sole = revisions.size() == 1;
                Optional<HoldingUsage> owner = sole ? Optional.of(revisions.get(0)) : Optional.empty();
                return new Surroundings(owner, Optional.ofNullable(inside.getParent()), true, sole);
            }
            HoldingUsage own = places.get(inside);
            if (own == null) {
                return Optional.ofNullable(inside.getParent())
                        .map(surroundings::get)
                        .orElse(Surroundings.NONE);
            }
            Optional<Path> repository = own.held().holding().repository();
            boolean sole = repository
                    .map(HubPlaces::blobs)
                    .map(repositories::get)
                    .filter(all -> all.size() == 1)
                    .isPresent();
            return new Surroundings(Optional.of(own), repository, false, sole);
        }

        @Override
        public void enter(Path inside) {
            folder = inside;
            here = surroundings.getOrDefault(inside, Surroundings.NONE);
            owner = here.owner().orElse(null);
            blobs = here.blobs();
            singles = foldersOfFiles.contains(inside);
            locks = Layout.holdsLocks(inside);
        }

        @Override
        public CacheWalk.Look look(Path inside) {
            Surroundings around = around(inside);
            surroundings.put(inside, around);
            CacheWalk.Look look = names ? CacheEntry::of : new SampledAttributes();
            return around.snapshot() && around.repository().isPresent()
                    ? new SnapshotLinkReader(
                            inside, HubPlaces.blobs(around.repository().get()), look, around.indexed())
                    : look;
        }

        private CacheEntry target(Path path) throws IOException {
            return names ? CacheEntry.target(path) : CacheEntry.glance(path);
        }

        /** Contents are looked at before the snapshots that lead to them. */
        @Override
        public boolean first(Path inside) {
            return inside.endsWith("blobs");
        }

        @Override
        public void entry(CacheEntry entry) {
            if (entry.kind() == CacheEntry.Kind.LINK) {
                link(entry);
            } else if (entry.kind() == CacheEntry.Kind.FILE) {
                file(entry);
            }
        }

        private void file(CacheEntry entry) {
            Path path = entry.path();
            if ((locks && Layout.isLock(path)) || (blobs && HubPlaces.isLock(path.toString()))) {
                return;
            }
            boolean first = table.add(entry, ofModels);
            if (first) {
                files++;
                bytes += entry.size();
                staleBytes += staleness.isStale(root, entry) ? entry.size() : 0;
            }
            HoldingUsage its = owner(path);
            if (blobs) {
                blob(entry, its, first);
            } else if (its != null && (here.snapshot() || !its.ofRepository())) {
                its.content(path, entry);
            }
        }

        private void blob(CacheEntry entry, @Nullable HoldingUsage its, boolean first) {
            String name = name(entry.path());
            duplicateBytes += first && isKnown(name) ? entry.size() : 0;
            if (PartialFiles.isUnfinished(name)) {
                if (its != null) {
                    its.isUnfinished();
                }
                return;
            }
            if (its != null) {
                its.content(entry.path(), entry);
            }
            index(name, ContentTable.key(entry));
        }

        /** The last name of a path, which costs more to ask for than to cut off. */
        private static String name(Path path) {
            String text = path.toString();
            return text.substring(text.lastIndexOf(File.separatorChar) + 1);
        }

        private @Nullable HoldingUsage owner(Path path) {
            HoldingUsage single = singles ? places.get(path) : null;
            return single == null ? owner : single;
        }

        /** Remembers what the name of a blob stands for. */
        private void index(String blob, long content) {
            if (blobs && here.indexed()) {
                contentsByName.put(SnapshotLinkReader.key(folder, blob), content);
            }
        }

        /** Whether a content of this digest was met before, in another repository. */
        private boolean isKnown(String blob) {
            return blob.length() == DigestAlgorithm.SHA256.hexLength()
                    && HubPlaces.algorithm(blob).equals(Optional.of(DigestAlgorithm.SHA256))
                    && !digests.add(LinkedBlobs.hash(blob));
        }

        /** A link to a content of the cache, which may be met later. */
        private void link(CacheEntry entry) {
            Path path = entry.path();
            HoldingUsage its = owner(path);
            if (its != null && !isKnownPointer(entry, its)) {
                follow(path, its);
            } else if (blobs && here.indexed()) {
                follow(path, null);
            }
        }

        /** Whether a link of a snapshot leads to a blob that was met before; then it is dealt with. */
        private boolean isKnownPointer(CacheEntry entry, HoldingUsage stock) {
            long blob = here.snapshot() ? entry.stamp().inode() : 0;
            if (blob == 0) {
                return false;
            }
            long content = contentsByName.get(blob);
            if (content == 0) {
                return false;
            }
            stock.place(entry.path());
            if (!here.sole()) {
                stock.content(content, table.usedNanos(content));
            }
            return true;
        }

        private void follow(Path path, @Nullable HoldingUsage stock) {
            try {
                CacheEntry content = target(path);
                if (content.kind() != CacheEntry.Kind.FILE) {
                    return;
                }
                if (stock != null) {
                    stock.content(path, content);
                }
                if (table.bytes(ContentTable.key(content)) >= 0) {
                    index(String.valueOf(path.getFileName()), ContentTable.key(content));
                }
            } catch (IOException e) {
                return; // It leads nowhere, which verify reports.
            }
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            // Its size can't be known; verify reports it.
        }
    }
}
