package io.github.modelcache.verify.checks;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.fingerprint.TreeRecorder;
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
import java.util.Optional;
import java.util.function.Consumer;

/** Walks every model root once: leftovers, dangling links, and what the roots weigh. */
public final class ModelRootCheck implements Check {

    private final CacheConfig config;
    private final Leftovers leftovers;
    private final WalkDispatcher watches;
    private final Optional<TreeRecorder> record;
    private final CacheUsage usage = new CacheUsage();

    /**
     * A check of one project.
     *
     * @param watches are shown every entry
     * @param record is shown everything that the walk sees
     */
    public ModelRootCheck(CacheConfig config, Lock lock, WalkDispatcher watches, Optional<TreeRecorder> record) {
        this.config = config;
        this.leftovers = new Leftovers(config, lock);
        this.watches = watches;
        this.record = record;
    }

    /** What the roots weigh, once they have been walked over. */
    public CacheUsage usage() {
        return usage;
    }

    @Override
    public void run(Consumer<Finding> findings) {
        for (CacheRoot root : config.roots()) {
            if (root.kind() == CacheRoot.Kind.MODEL && Files.isDirectory(root.path())) {
                record.ifPresent(recorder -> recorder.start(root.path()));
                CacheWalk.walk(root.path(), new Look(findings));
            }
        }
    }

    /** What a walk over a model root turns up. */
    private final class Look implements CacheWalk.Visitor {

        private static final String FINISH =
                "mvn cache:download finishes it; mvn cache:clean drops it when nobody wrote to it for a day";

        private final Consumer<Finding> findings;
        private final List<Path> partialFolders = new ArrayList<>();

        Look(Consumer<Finding> findings) {
            this.findings = findings;
        }

        @Override
        public void entry(CacheEntry entry) {
            record.ifPresent(recorder -> recorder.entry(entry));
            usage.add(entry);
            watches.entry(entry);
            if (entry.kind() == CacheEntry.Kind.LINK && !Files.exists(entry.path())) {
                findings.accept(Finding.of(
                                FindingId.DANGLING_LINK,
                                name(entry) + " is a link that leads nowhere",
                                "mvn cache:download if it belongs to a declared model, else remove the link")
                        .at(entry.path()));
            } else if (leftovers.has(entry.path()) && !isInPartialFolder(entry.path())) {
                findings.accept(Finding.of(
                                FindingId.PARTIAL_DOWNLOAD,
                                name(entry) + " (" + ByteSize.format(entry.size())
                                        + ") is what is left of an unfinished download",
                                FINISH)
                        .at(entry.path()));
            }
        }

        /** One finding for a folder that a model gathers in, whatever lies in it. */
        @Override
        public void directory(CacheEntry directory) {
            record.ifPresent(recorder -> recorder.directory(directory));
            Path path = directory.path();
            if (PartialFiles.isPartialFolder(path) && !isInPartialFolder(path)) {
                partialFolders.add(path);
                findings.accept(Finding.of(
                                FindingId.PARTIAL_DOWNLOAD,
                                name(directory) + " holds what is left of an unfinished download",
                                FINISH)
                        .at(path));
            }
        }

        private boolean isInPartialFolder(Path path) {
            return partialFolders.stream().anyMatch(path::startsWith);
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            record.ifPresent(recorder -> recorder.unreadable(path, reason));
            findings.accept(ContentCheck.unreadable(config.projectRoot(), path, reason));
        }
    }

    private String name(CacheEntry entry) {
        return Plan.name(config.projectRoot(), entry.path());
    }
}
