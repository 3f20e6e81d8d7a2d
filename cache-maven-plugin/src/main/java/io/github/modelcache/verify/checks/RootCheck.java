package io.github.modelcache.verify.checks;

import io.github.modelcache.config.ApplicationCache;
import io.github.modelcache.config.Budget;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.families.Layouts;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.Placeholders;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.inventory.usage.CacheInventory;
import io.github.modelcache.inventory.usage.CacheUsage;
import io.github.modelcache.inventory.usage.HoldingUsage;
import io.github.modelcache.inventory.usage.Relief;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.Age;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Finds missing folders, expired entries and exceeded budgets. {@link ModelRootCheck} checks the model roots. */
public final class RootCheck implements Check {

    private static final int LARGEST = 3;
    private static final String OR_RAISE = "; or raise ";
    private static final String SHOWS = " (preview: add -Dcache.dryRun=true)" + OR_RAISE;
    private static final String EMPTY_APPLICATION_CACHES =
            "mvn cache:clean -Dcache.scope=metadata empties the application caches";

    private final CacheConfig config;
    private final LockFile lockFile;
    private final Instant now;
    private final CacheUsage usage;

    /**
     * A check of one project.
     *
     * @param usage the contents of the model roots
     */
    public RootCheck(CacheConfig config, LockFile lockFile, Instant now, CacheUsage usage) {
        this.config = config;
        this.lockFile = lockFile;
        this.now = now;
        this.usage = usage;
    }

    @Override
    public void run(Consumer<Finding> findings) throws IOException {
        layout(findings);
        for (ApplicationCache cache : config.applicationCaches()) {
            expired(cache, findings);
        }
        budget(findings);
    }

    /** One finding for each broken link, and one for all missing folders. */
    private void layout(Consumer<Finding> findings) {
        List<Path> missing = new ArrayList<>();
        for (CacheRoot root : config.roots()) {
            if (root.optional() || Files.isDirectory(root.path())) {
                continue;
            }
            Optional<Path> link = brokenLink(root.path());
            if (link.isPresent()) {
                findings.accept(Finding.of(
                                FindingId.LAYOUT_MISSING,
                                Plan.name(config.projectRoot(), link.get()) + " is a broken link",
                                "mount its disk, or delete the link")
                        .at(link.get()));
            } else {
                missing.add(root.path());
            }
        }
        if (!missing.isEmpty()) {
            findings.accept(layoutMissing(missing));
        }
    }

    /** A missing folder is an error only if a declared model needs it: git keeps no empty folders. */
    private Finding layoutMissing(List<Path> missing) {
        Set<Path> needed = needed();
        List<Path> first = missing.stream().filter(needed::contains).toList();
        List<Path> others =
                missing.stream().filter(folder -> !needed.contains(folder)).toList();
        return first.isEmpty()
                ? layoutMissing(others, others.size() == 1 ? " is missing" : " are missing", Severity.INFO)
                : layoutMissing(
                        first,
                        (first.size() == 1
                                        ? " is missing, but a declared model needs it"
                                        : " are missing, but declared models need them")
                                + (others.isEmpty() ? "" : ". Also missing: " + names(others)),
                        Severity.ERROR);
    }

    private Finding layoutMissing(List<Path> folders, String what, Severity severity) {
        return Finding.of(FindingId.LAYOUT_MISSING, names(folders) + what, "mvn cache:init")
                .at(folders.get(0))
                .as(severity);
    }

    private String names(List<Path> folders) {
        return folders.stream()
                .map(folder -> Plan.name(config.projectRoot(), folder))
                .collect(Collectors.joining(", "));
    }

    /** The roots that required models need. */
    private Set<Path> needed() {
        Layouts layouts = new Layouts(config);
        Set<Path> needed = new HashSet<>();
        for (ModelDeclaration declaration : config.models()) {
            Optional<Path> folder = layouts.find(declaration.reference()).map(Layout::root);
            config.roots().stream()
                    .map(CacheRoot::path)
                    .filter(root -> !declaration.optional()
                            && folder.isPresent()
                            && folder.get().startsWith(root))
                    .forEach(needed::add);
        }
        return needed;
    }

    /** The broken link on the path of a folder. */
    private static Optional<Path> brokenLink(Path folder) {
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
                                    + ByteSize.format(expired.bytes) + ") expired after "
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
        List<HoldingUsage> largest = largest(inventory, root);
        String what = root.map(one -> "The cache " + one.name()).orElse("The cache");
        String owner = root.map(one -> "cache.budgets." + one.name() + ".").orElse("cache.");
        String fix = root.isPresent() ? fix(root.get(), inventory) : fix(inventory, bytes, limit);
        findings.accept(Finding.of(
                        overMax ? FindingId.SIZE_OVER_MAX : FindingId.SIZE_OVER_WARN,
                        what + " has " + ByteSize.format(bytes) + ", more than its " + member + " of "
                                + ByteSize.format(limit) + named(largest),
                        fix + member + " (" + owner + member + ")")
                .at(path)
                .comparing(Long.toString(limit), Long.toString(bytes)));
    }

    /** The fix, up to the name of the member to raise. */
    private String fix(CacheInventory inventory, long bytes, long limit) throws IOException {
        Optional<Long> unused = !lock().models().isEmpty() ? Optional.of(inventory.unusedBytes()) : Optional.empty();
        long applicationBytes = inventory.bytes(CacheRoot.Kind.APPLICATION);
        long declaredBytes = inventory.declaredBytes(Optional.empty());
        List<String> commands = new Relief(bytes, limit, applicationBytes, unused, declaredBytes).commands();
        return commands.isEmpty()
                ? needs(declaredBytes)
                : String.join(", then ", commands) + (commands.size() == 1 ? " frees" : " free") + " enough" + SHOWS;
    }

    /** The fix for one root: {@code keepSize} is a limit for all caches. */
    private static String fix(CacheRoot root, CacheInventory inventory) {
        if (root.kind() != CacheRoot.Kind.MODEL) {
            return EMPTY_APPLICATION_CACHES + OR_RAISE;
        }
        return inventory.holdings().stream()
                .filter(stock -> stock.held().root().equals(root.path()))
                .filter(stock -> stock.held().model().isPresent() && stock.bytes() > 0 && !inventory.isDeclared(stock))
                .max(Comparator.comparingLong(HoldingUsage::bytes))
                .flatMap(stock -> stock.held().model())
                .map(model -> "mvn cache:clean -Dcache.scope=models \"-Dcache.include=" + model
                        + "\" deletes the largest undeclared model" + SHOWS)
                .orElse(needs(inventory.declaredBytes(Optional.of(root))));
    }

    private static String needs(long declaredBytes) {
        return declaredBytes == 0
                ? "check the folder, which has no known model" + OR_RAISE
                : "the declared models need " + ByteSize.format(declaredBytes) + "; declare fewer, or raise ";
    }

    /** Only taken for an exceeded budget. */
    private CacheInventory inventory() throws IOException {
        return CacheInventory.take(config, lock(), now);
    }

    /** An unreadable lock file is reported elsewhere. */
    private Lock lock() throws IOException {
        try {
            return lockFile.read();
        } catch (LockException e) {
            return Lock.EMPTY;
        }
    }

    private static List<HoldingUsage> largest(CacheInventory inventory, Optional<CacheRoot> root) {
        return inventory.holdings().stream()
                .filter(stock ->
                        root.isEmpty() || stock.held().root().equals(root.get().path()))
                .filter(stock -> stock.held().model().isPresent() && stock.bytes() > 0)
                .sorted(Comparator.comparingLong(HoldingUsage::bytes).reversed())
                .limit(LARGEST)
                .toList();
    }

    private static String named(List<HoldingUsage> largest) {
        String names = largest.stream()
                .map(stock -> stock.held().model().get() + " (" + ByteSize.format(stock.bytes()) + ")")
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "; the largest: " + names;
    }

    /** Counts the expired entries. */
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
            // The entries of application caches are not checked.
        }
    }
}
