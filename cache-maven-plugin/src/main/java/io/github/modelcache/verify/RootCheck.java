package io.github.modelcache.verify;

import io.github.modelcache.config.ApplicationCache;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.inventory.CacheEntry;
import io.github.modelcache.inventory.CacheUsage;
import io.github.modelcache.inventory.CacheWalk;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.Age;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;

/** Looks for missing folders and expired entries, and weighs it all; what lies in the model roots is {@link ModelRootCheck}'s. */
final class RootCheck implements Check {

    private final CacheConfig config;
    private final Instant now;
    private final CacheUsage usage;

    /**
     * A check of one project.
     *
     * @param usage has the contents of the model roots
     */
    RootCheck(CacheConfig config, Instant now, CacheUsage usage) {
        this.config = config;
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
        boolean link = Files.isSymbolicLink(root.path());
        String name = Plan.name(config.projectRoot(), root.path());
        return Finding.of(
                        FindingId.LAYOUT_MISSING,
                        link ? name + " is a link that leads nowhere" : "The folder " + name + " is missing",
                        link ? "mount the disk it leads to, or remove the link" : "mvn cache:init")
                .at(root.path());
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

    private void budget(Consumer<Finding> findings) {
        long bytes = usage.bytes();
        boolean overMax = bytes > config.maxBytes();
        if (!overMax && bytes <= config.warnBytes()) {
            return;
        }
        long limit = overMax ? config.maxBytes() : config.warnBytes();
        findings.accept(Finding.of(
                        overMax ? FindingId.SIZE_OVER_MAX : FindingId.SIZE_OVER_WARN,
                        "The cache holds " + ByteSize.format(bytes) + ", more than its "
                                + (overMax ? "max_size" : "warn_size") + " of " + ByteSize.format(limit),
                        "mvn cache:status shows what weighs most; mvn cache:clean -Dcache.scope=models -Dcache.dryRun what"
                                + " cleaning would free; or raise cache."
                                + (overMax ? "max_size" : "warn_size"))
                .at(config.baseDir())
                .comparing(Long.toString(limit), Long.toString(bytes)));
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
            if (entry.kind() == CacheEntry.Kind.FILE && entry.modified().isBefore(limit)) {
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
