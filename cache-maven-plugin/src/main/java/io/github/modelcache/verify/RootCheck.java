package io.github.modelcache.verify;

import io.github.modelcache.config.ApplicationCache;
import io.github.modelcache.config.Budget;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.inventory.CacheEntry;
import io.github.modelcache.inventory.CacheInventory;
import io.github.modelcache.inventory.CacheUsage;
import io.github.modelcache.inventory.CacheWalk;
import io.github.modelcache.inventory.Stock;
import io.github.modelcache.layout.Placeholders;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.Age;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Looks for missing folders and expired entries, and weighs it all; what lies in the model roots is {@link ModelRootCheck}'s. */
final class RootCheck implements Check {

    private static final int HEAVIEST = 3;
    private static final String EMPTY_APPLICATION_CACHES =
            "mvn cache:clean -Dcache.scope=metadata empties the application caches";

    private final CacheConfig config;
    private final LockFile lockFile;
    private final Instant now;
    private final CacheUsage usage;

    /**
     * A check of one project.
     *
     * @param usage has the contents of the model roots
     */
    RootCheck(CacheConfig config, LockFile lockFile, Instant now, CacheUsage usage) {
        this.config = config;
        this.lockFile = lockFile;
        this.now = now;
        this.usage = usage;
    }

    @Override
    public void run(Consumer<Finding> findings) throws IOException {
        for (CacheRoot root : config.roots()) {
            if (!Files.isDirectory(root.path())) {
                findings.accept(layoutMissing(root));
            }
        }
        for (ApplicationCache cache : config.applicationCaches()) {
            expired(cache, findings);
        }
        budget(findings);
    }

    private Finding layoutMissing(CacheRoot root) {
        Optional<Path> link = linkToNowhere(root.path());
        if (link.isPresent()) {
            return Finding.of(
                            FindingId.LAYOUT_MISSING,
                            Plan.name(config.projectRoot(), link.get()) + " is a link that leads nowhere",
                            "mount the disk it leads to, or remove the link")
                    .at(link.get());
        }
        return Finding.of(
                        FindingId.LAYOUT_MISSING,
                        "The folder " + Plan.name(config.projectRoot(), root.path()) + " is missing",
                        "mvn cache:init")
                .at(root.path());
    }

    /** The link on the way to a folder whose target is gone; all roots below it are missing for that one reason. */
    private static Optional<Path> linkToNowhere(Path folder) {
        for (Path path = folder; path != null; path = path.getParent()) {
            if (Files.isSymbolicLink(path) && !Files.exists(path)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    private void expired(ApplicationCache cache, Consumer<Finding> findings) {
        Instant limit = now.minus(cache.expiry());
        Expired expired = new Expired(limit, usage);
        CacheWalk.walk(cache.path(), expired);
        if (expired.files > 0) {
            findings.accept(Finding.of(
                            FindingId.APPLICATION_CACHE_EXPIRED,
                            expired.files + (expired.files == 1 ? " entry of the " : " entries of the ")
                                    + cache.name() + " cache ("
                                    + ByteSize.format(expired.bytes) + ") older than "
                                    + Age.format(cache.expiry()),
                            "mvn cache:clean")
                    .at(cache.path()));
        }
    }

    private void budget(Consumer<Finding> findings) throws IOException {
        Budget all = new Budget(config.warnBytes(), config.maxBytes());
        budget(Optional.empty(), config.baseDir(), all, usage.bytes(), findings);
        for (CacheRoot root : config.roots()) {
            Optional<Budget> budget = config.budget(root);
            if (budget.isPresent()) {
                CacheUsage held = new CacheUsage();
                CacheWalk.walk(root.path(), new Expired(Instant.MIN, held));
                budget(Optional.of(root), root.path(), budget.get(), held.bytes(), findings);
            }
        }
    }

    private void budget(Optional<CacheRoot> root, Path path, Budget budget, long bytes, Consumer<Finding> findings)
            throws IOException {
        boolean overMax = bytes > budget.maxBytes();
        if (!overMax && bytes <= budget.warnBytes()) {
            return;
        }
        long limit = overMax ? budget.maxBytes() : budget.warnBytes();
        String member = overMax ? "max_size" : "warn_size";
        CacheInventory inventory = inventory();
        List<Stock> heaviest = heaviest(inventory, root);
        String what = root.map(one -> "The cache " + one.name()).orElse("The cache");
        String owner = root.map(one -> "cache.budgets." + one.name() + ".").orElse("cache.");
        findings.accept(Finding.of(
                        overMax ? FindingId.SIZE_OVER_MAX : FindingId.SIZE_OVER_WARN,
                        what + " holds " + ByteSize.format(bytes) + ", more than its " + member + " of "
                                + ByteSize.format(limit) + named(heaviest),
                        command(root, limit, heaviest, inventory.bytes(CacheRoot.Kind.APPLICATION)) + "; or raise "
                                + owner + member)
                .at(path)
                .comparing(Long.toString(limit), Long.toString(bytes)));
    }

    /** A size to come down to is one of all caches, so for a single one somebody has to choose. */
    private static String command(Optional<CacheRoot> root, long limit, List<Stock> heaviest, long applicationBytes) {
        if (root.isEmpty() && applicationBytes > limit) {
            return EMPTY_APPLICATION_CACHES + ", which alone hold " + ByteSize.format(applicationBytes);
        }
        if (root.isEmpty()) {
            return "mvn cache:clean -Dcache.scope=models -Dcache.keepSize=" + ByteSize.exact(limit)
                    + " frees enough (-Dcache.dryRun shows what would go)";
        }
        if (root.get().kind() != CacheRoot.Kind.MODEL) {
            return EMPTY_APPLICATION_CACHES;
        }
        return heaviest.stream()
                .findFirst()
                .flatMap(stock -> stock.held().model())
                .map(model -> "mvn cache:clean -Dcache.scope=models \"-Dcache.include=" + model
                        + "\" deletes the heaviest (-Dcache.dryRun shows what would go)")
                .orElse("look into the folder: no model in it is known");
    }

    /** What lies where; only taken when there is something to say. */
    private CacheInventory inventory() throws IOException {
        Lock lock;
        try {
            lock = lockFile.read();
        } catch (LockException e) {
            lock = Lock.EMPTY; // reported elsewhere; sizes do not need it
        }
        return CacheInventory.take(config, lock, now);
    }

    private static List<Stock> heaviest(CacheInventory inventory, Optional<CacheRoot> root) {
        return inventory.stocks().stream()
                .filter(stock ->
                        root.isEmpty() || stock.held().root().equals(root.get().path()))
                .filter(stock -> stock.held().model().isPresent() && stock.bytes() > 0)
                .sorted(Comparator.comparingLong(Stock::bytes).reversed())
                .limit(HEAVIEST)
                .toList();
    }

    private static String named(List<Stock> heaviest) {
        String names = heaviest.stream()
                .map(stock -> stock.held().model().get() + " (" + ByteSize.format(stock.bytes()) + ")")
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "; the heaviest: " + names;
    }

    /** Counts the entries that are past their time. */
    private static final class Expired implements CacheWalk.Visitor {

        private final Instant limit;
        private final CacheUsage usage;
        private long files;
        private long bytes;

        Expired(Instant limit, CacheUsage usage) {
            this.limit = limit;
            this.usage = usage;
        }

        @Override
        public void entry(CacheEntry entry) {
            usage.add(entry);
            boolean old =
                    entry.kind() == CacheEntry.Kind.FILE && entry.modified().isBefore(limit);
            if (old && !Placeholders.is(entry.path())) {
                files++;
                bytes += entry.size();
            }
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            // Nothing in an application cache is checked, so there is nothing to report.
        }
    }
}
