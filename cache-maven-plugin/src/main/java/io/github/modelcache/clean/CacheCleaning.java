package io.github.modelcache.clean;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.files.deletion.DirectoryGuard;
import io.github.modelcache.files.deletion.UnsafeRootException;
import io.github.modelcache.inventory.usage.CacheInventory;
import io.github.modelcache.inventory.usage.Holdings;
import io.github.modelcache.inventory.usage.MountedFolders;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Plans what goes. Roots are emptied, never removed; no root is touched before every root was found fit to be deleted
 * from.
 */
public final class CacheCleaning {

    private final CacheConfig config;
    private final LockFile lockFile;
    private final Path home;
    private final Instant now;
    private final Messages messages;

    /**
     * A cleaning of the caches of one project.
     *
     * @param home the user's home folder, which is never emptied
     * @param messages is told what is left alone, and why
     */
    public CacheCleaning(CacheConfig config, LockFile lockFile, Path home, Instant now, Messages messages) {
        this.config = config;
        this.lockFile = lockFile;
        this.home = home;
        this.now = now;
        this.messages = messages;
    }

    /**
     * What goes.
     *
     * @throws io.github.modelcache.files.deletion.UnsafeRootException when a root is not fit to be deleted from
     * @throws LockException when the lock has to tell what is used, and is not there or can't be read
     * @throws IOException when a root can't be read
     */
    public CleanPlan plan(CleanRequest request) throws IOException, LockException {
        return plan(request, () -> {});
    }

    /**
     * What goes.
     *
     * @param beforeEach runs before each single deletion
     */
    CleanPlan plan(CleanRequest request, Runnable beforeEach) throws IOException, LockException {
        List<CacheRoot> roots = deletable();
        SafeDeleter removal = new SafeDeleter(config.projectRoot(), messages, beforeEach, MountedFolders.of(config));
        List<Action> actions = new ArrayList<>();
        switch (request.scope()) {
            case STALE ->
                new StaleCleaning(config, roots, lock(request), now, removal, new ActiveDownloads(messages, now))
                        .plan(request.olderThan(), actions);
            case METADATA -> new ApplicationCleaning(config, now, removal).plan(request.olderThan(), actions);
            case UNUSED, MODELS -> models(request, roots, removal, actions);
            case ALL -> {
                models(request, roots, removal, actions);
                new ApplicationCleaning(config, now, removal).plan(request.olderThan(), actions);
            }
        }
        return new CleanPlan(new Plan(actions), removal);
    }

    /** The roots that may be emptied. What a variable leads to is left alone where it may not; the others must be fit. */
    private List<CacheRoot> deletable() throws IOException {
        DirectoryGuard.requireDeletable(new PluginDirectory(config).downloads(), config.projectRoot(), home);
        List<CacheRoot> all = new ArrayList<>(config.roots());
        all.sort(Comparator.comparing(CacheRoot::optional));
        List<CacheRoot> roots = new ArrayList<>();
        for (CacheRoot root : all) {
            try {
                DirectoryGuard.requireDeletable(root.path(), config.projectRoot(), home);
                roots.add(root);
                DistinctRoots.require(roots);
            } catch (UnsafeRootException e) {
                if (!root.optional()) {
                    throw e;
                }
                roots.remove(root);
                messages.warn("Left " + root.path() + ": " + e.getMessage());
            }
        }
        return roots;
    }

    private void models(CleanRequest request, List<CacheRoot> roots, SafeDeleter removal, List<Action> actions)
            throws IOException, LockException {
        Lock lock = lock(request);
        Holdings holdings = new Holdings(config, lock, messages::warn);
        ActiveDownloads running = new ActiveDownloads(messages, now);
        Optional<CacheInventory> inventory = ModelChoice.needsInventory(request)
                ? Optional.of(CacheInventory.take(config, lock, now))
                : Optional.empty();
        ModelChoice choice = new ModelChoice(request, holdings, removal::isPartlyMounted, inventory, now);
        ModelCleaning cleaning = new ModelCleaning(removal, running, now.minus(PartialFiles.ABANDONED));
        for (CacheRoot root : roots) {
            if (root.kind() == CacheRoot.Kind.MODEL) {
                cleaning.plan(holdings.of(root), choice, actions);
            }
        }
        cleaning.stores(actions);
        if (request.scope().models() && request.whole()) {
            cleaning.downloads(new PluginDirectory(config).downloads(), actions);
        }
    }

    /** Where the lock decides what goes, it must be there; a scope that takes everything does without. */
    private Lock lock(CleanRequest request) throws IOException, LockException {
        if (request.scope() == CleanScope.UNUSED && !lockFile.exists()) {
            throw new LockException(
                    "There is no " + lockFile.name() + ", so nothing tells which models are unused",
                    "run mvn cache:lock first, or choose among all models with -Dcache.scope=models");
        }
        boolean decides =
                request.scope() == CleanScope.UNUSED || request.keepSize().isPresent();
        try {
            return lockFile.read();
        } catch (LockException e) {
            if (decides) {
                throw e;
            }
            return Lock.EMPTY;
        }
    }
}
