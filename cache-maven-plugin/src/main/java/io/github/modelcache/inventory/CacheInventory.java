package io.github.modelcache.inventory;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.layout.HubPlaces;
import io.github.modelcache.layout.Layout;
import io.github.modelcache.layout.PartialFiles;
import io.github.modelcache.model.Lock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What lies in the caches and what it weighs, found in one walk. Each content counts once, however many hard links,
 * links of snapshots and links into the shared store lead to it.
 */
public final class CacheInventory {

    private final ContentTable table = new ContentTable();
    private final List<Root> roots = new ArrayList<>();
    private final List<Stock> stocks = new ArrayList<>();

    private CacheInventory() {}

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
    public static CacheInventory take(CacheConfig config, Lock lock) throws IOException {
        CacheInventory inventory = new CacheInventory();
        Holdings holdings = new Holdings(config, lock);
        for (CacheRoot root : config.roots()) {
            inventory.walk(root, holdings);
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

    /** What can be deleted as a whole, locked models first. */
    public List<Stock> stocks() {
        return List.copyOf(stocks);
    }

    /** The bytes of all contents. */
    public long bytes() {
        return roots.stream().mapToLong(Root::bytes).sum();
    }

    /** All contents. */
    public long files() {
        return roots.stream().mapToLong(Root::files).sum();
    }

    /** The bytes that become free when a holding goes, after those that went before. Each may go once. */
    public long release(Stock stock) {
        return stock.release(table);
    }

    private void walk(CacheRoot root, Holdings holdings) throws IOException {
        Totals totals = new Totals();
        if (root.kind() == CacheRoot.Kind.MODEL) {
            for (Held held : holdings.of(root)) {
                totals.add(new Stock(held));
            }
        }
        CacheWalk.walk(root.path(), totals);
        roots.add(new Root(root, Files.isDirectory(root.path()), totals.bytes, totals.files));
    }

    private final class Totals implements CacheWalk.Visitor {

        private final Map<Path, Stock> places = new HashMap<>();
        /** Those of a repository with a single revision: whatever lies in its folder of contents is that one's. */
        private final Map<Path, List<Stock>> repositories = new HashMap<>();

        private final Map<Path, Optional<Stock>> owners = new HashMap<>();
        private Optional<Stock> owner = Optional.empty();
        private boolean snapshot;
        private boolean blobs;
        private long bytes;
        private long files;

        void add(Stock stock) {
            stocks.add(stock);
            places.put(stock.held().holding().place(), stock);
            stock.held()
                    .holding()
                    .repository()
                    .ifPresent(folder -> repositories
                            .computeIfAbsent(HubPlaces.blobs(folder), unused -> new ArrayList<>())
                            .add(stock));
        }

        @Override
        public void enter(Path folder) {
            Path above = folder.getParent();
            Stock own = places.get(folder);
            owner = own == null
                    ? Optional.ofNullable(above).map(owners::get).orElse(Optional.empty())
                    : Optional.of(own);
            owners.put(folder, owner);
            List<Stock> revisions = repositories.get(folder);
            blobs = revisions != null;
            if (revisions != null && revisions.size() == 1) {
                owner = Optional.of(revisions.get(0));
            }
            snapshot = !blobs
                    && owner.filter(stock -> stock.held().holding().repository().isPresent())
                            .isPresent();
        }

        /** Contents are looked at before the snapshots that lead to them. */
        @Override
        public boolean first(Path folder) {
            return String.valueOf(folder.getFileName()).equals("blobs");
        }

        /** In a snapshot, what a link leads to tells all that counts, if it was met before. */
        @Override
        public boolean shortcut(Path path) throws IOException {
            if (!snapshot) {
                return false;
            }
            CacheEntry content = CacheEntry.target(path);
            boolean known = content.kind() == CacheEntry.Kind.FILE
                    && content.links() == 1
                    && table.bytes(ContentTable.key(content)) >= 0;
            if (known) {
                owner.ifPresent(stock -> stock.content(path, content));
            }
            return known;
        }

        @Override
        public void entry(CacheEntry entry) {
            if (entry.kind() == CacheEntry.Kind.LINK) {
                link(entry.path());
                return;
            }
            if (entry.kind() != CacheEntry.Kind.FILE || Layout.isLock(entry.path())) {
                return;
            }
            if (table.add(entry)) {
                files++;
                bytes += entry.size();
            }
            Stock single = places.get(entry.path());
            Optional<Stock> its = single == null ? owner : Optional.of(single);
            boolean unfinished = blobs && PartialFiles.isUnfinished(entry.path());
            if (unfinished) {
                its.ifPresent(Stock::isUnfinished);
            } else if (isContent(its)) {
                its.ifPresent(stock -> stock.content(entry.path(), entry));
            }
        }

        private boolean isContent(Optional<Stock> stock) {
            boolean repository = stock.filter(
                            its -> its.held().holding().repository().isPresent())
                    .isPresent();
            return !repository || blobs || snapshot;
        }

        /** A link to a content of the cache, which may be met later. */
        private void link(Path path) {
            Stock single = places.get(path);
            Optional<Stock> its = single == null ? owner : Optional.of(single);
            if (its.isEmpty()) {
                return;
            }
            try {
                CacheEntry content = CacheEntry.target(path);
                if (content.kind() == CacheEntry.Kind.FILE) {
                    its.get().content(path, content);
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
