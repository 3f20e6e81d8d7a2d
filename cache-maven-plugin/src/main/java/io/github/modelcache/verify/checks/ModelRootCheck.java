package io.github.modelcache.verify.checks;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.scan.CacheWalk;
import io.github.modelcache.inventory.usage.CacheUsage;
import io.github.modelcache.inventory.usage.Leftovers;
import io.github.modelcache.model.Lock;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Walks every model root once: partial downloads, broken links, sizes. */
public final class ModelRootCheck implements Check {

    private final CacheConfig config;
    private final Leftovers leftovers;
    private final WalkDispatcher dispatcher;
    private final CacheUsage usage = new CacheUsage();

    /**
     * A check of one project.
     *
     * @param dispatcher the checks that are shown every entry
     */
    public ModelRootCheck(CacheConfig config, Lock lock, WalkDispatcher dispatcher) {
        this.config = config;
        this.leftovers = new Leftovers(config, lock);
        this.dispatcher = dispatcher;
    }

    /** The contents of the roots, after the walk. */
    public CacheUsage usage() {
        return usage;
    }

    @Override
    public void run(Consumer<Finding> findings) {
        for (CacheRoot root : config.roots()) {
            if (root.kind() == CacheRoot.Kind.MODEL && Files.isDirectory(root.path())) {
                CacheWalk.walk(root.path(), new RootVisitor(findings));
            }
        }
    }

    private final class RootVisitor implements CacheWalk.Visitor {

        private static final String FINISH =
                "mvn cache:download completes it; mvn cache:clean deletes partial downloads older than a day";

        private final Consumer<Finding> findings;
        private final List<Path> partialFolders = new ArrayList<>();

        RootVisitor(Consumer<Finding> findings) {
            this.findings = findings;
        }

        @Override
        public void entry(CacheEntry entry) {
            usage.add(entry);
            dispatcher.entry(entry);
            if (entry.kind() == CacheEntry.Kind.LINK && !Files.exists(entry.path())) {
                findings.accept(Finding.of(
                                FindingId.DANGLING_LINK,
                                name(entry) + " is a broken link",
                                "run mvn cache:download if it belongs to a declared model, else delete the link")
                        .at(entry.path()));
            } else if (leftovers.has(entry.path()) && !isInPartialFolder(entry.path())) {
                findings.accept(Finding.of(
                                FindingId.PARTIAL_DOWNLOAD,
                                name(entry) + " (" + ByteSize.format(entry.size()) + ") is a partial download",
                                FINISH)
                        .at(entry.path()));
            }
        }

        /** One finding for a folder of partial files. */
        @Override
        public void directory(CacheEntry directory) {
            Path path = directory.path();
            if (PartialFiles.isPartialFolder(path) && !isInPartialFolder(path)) {
                partialFolders.add(path);
                findings.accept(Finding.of(
                                FindingId.PARTIAL_DOWNLOAD,
                                name(directory) + " is the folder of a partial download",
                                FINISH)
                        .at(path));
            }
        }

        private boolean isInPartialFolder(Path path) {
            return partialFolders.stream().anyMatch(path::startsWith);
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            findings.accept(ContentCheck.unreadable(config.projectRoot(), path, reason));
        }
    }

    private String name(CacheEntry entry) {
        return Plan.name(config.projectRoot(), entry.path());
    }
}
