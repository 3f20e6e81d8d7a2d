package io.github.modelcache.verify.checks;

import io.github.modelcache.config.Budget;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.inventory.usage.BudgetAdvice;
import io.github.modelcache.inventory.usage.CacheInventory;
import io.github.modelcache.inventory.usage.CacheUsage;
import io.github.modelcache.inventory.usage.ModelUsage;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Compares the sizes of the caches with the budgets of the config.
 *
 * @param bytes the size of all caches
 */
public record BudgetCheck(CacheConfig config, LockFile lockFile, Instant now, long bytes) implements Check {
    private static final int LARGEST = 3;
    private static final String PREVIEW = " (preview: add -Dcache.dryRun=true)";

    @Override
    public void run(Consumer<Finding> findings) throws IOException {
        Budget all = new Budget(config.warnBytes(), config.maxBytes());
        check(Optional.empty(), config.baseDir(), all, bytes, findings);
        for (CacheRoot root : config.roots()) {
            Optional<Budget> budget = config.budget(root);
            if (budget.isPresent()) {
                CacheUsage usage = new CacheUsage();
                CacheWalk.walk(root.path(), usage);
                check(Optional.of(root), root.path(), budget.get(), usage.bytes(), findings);
            }
        }
    }

    private void check(Optional<CacheRoot> root, Path path, Budget budget, long held, Consumer<Finding> findings)
            throws IOException {
        boolean overMax = held > budget.maxBytes();
        if (!overMax && held <= budget.warnBytes()) {
            return;
        }
        long limit = overMax ? budget.maxBytes() : budget.warnBytes();
        String name = overMax ? "max_size" : "warn_size";
        String member = root.map(one -> "cache.budgets." + one.name() + ".").orElse("cache.") + name;
        CacheInventory inventory = CacheInventory.take(config, lockFile.readOrEmpty(), now);
        findings.accept(Finding.of(
                        overMax ? FindingId.SIZE_OVER_MAX : FindingId.SIZE_OVER_WARN,
                        root.map(one -> "The cache " + one.name()).orElse("The cache") + " has "
                                + ByteSize.format(held) + ", more than its " + name + " of " + ByteSize.format(limit)
                                + largest(inventory, root),
                        (root.isPresent() ? fix(root.get(), inventory) : fix(inventory, limit)) + ", or raise "
                                + member)
                .at(path)
                .comparing(Long.toString(limit), Long.toString(held)));
    }

    private String fix(CacheInventory inventory, long limit) throws IOException {
        Optional<Long> unused =
                lockFile.readOrEmpty().models().isEmpty() ? Optional.empty() : Optional.of(inventory.unusedBytes());
        long applicationBytes = inventory.bytes(CacheRoot.Kind.APPLICATION);
        long declaredBytes = inventory.declaredBytes(Optional.empty());
        List<String> commands = new BudgetAdvice(bytes, limit, applicationBytes, unused, declaredBytes).commands();
        return commands.isEmpty() ? declareFewer(declaredBytes) : "run " + String.join(", then ", commands) + PREVIEW;
    }

    /** The fix for one root; {@code keepSize} is a limit for all caches. */
    private static String fix(CacheRoot root, CacheInventory inventory) {
        if (root.kind() != CacheRoot.Kind.MODEL) {
            return "run mvn cache:clean -Dcache.scope=metadata to empty the application caches";
        }
        return models(inventory, Optional.of(root), usage -> !inventory.isDeclared(usage)).stream()
                .findFirst()
                .flatMap(usage -> usage.cached().model())
                .map(model -> "run mvn cache:clean -Dcache.scope=models \"-Dcache.include=" + model
                        + "\" to delete the largest undeclared model" + PREVIEW)
                .orElse(declareFewer(inventory.declaredBytes(Optional.of(root))));
    }

    private static String declareFewer(long declaredBytes) {
        return declaredBytes == 0
                ? "look into the folder; it contains no model that this plugin knows"
                : "declare fewer models (the declared ones need " + ByteSize.format(declaredBytes) + ")";
    }

    private static String largest(CacheInventory inventory, Optional<CacheRoot> root) {
        String names = models(inventory, root, usage -> true).stream()
                .limit(LARGEST)
                .map(usage -> usage.cached().model().get() + " (" + ByteSize.format(usage.bytes()) + ")")
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "; the largest: " + names;
    }

    /** The models of all roots or of one, largest first. */
    private static List<ModelUsage> models(
            CacheInventory inventory, Optional<CacheRoot> root, Predicate<ModelUsage> which) {
        return inventory.models().stream()
                .filter(usage -> root.isEmpty()
                        || usage.cached().root().equals(root.get().path()))
                .filter(usage -> usage.cached().model().isPresent() && usage.bytes() > 0 && which.test(usage))
                .sorted(Comparator.comparingLong(ModelUsage::bytes).reversed())
                .toList();
    }
}
