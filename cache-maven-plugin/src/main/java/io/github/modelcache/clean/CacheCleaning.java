package io.github.modelcache.clean;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.files.deletion.DirectoryGuard;
import io.github.modelcache.files.deletion.UnsafeRootException;
import io.github.modelcache.inventory.usage.CacheInventory;
import io.github.modelcache.inventory.usage.CachedModels;
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
 * Plans what {@code cache:clean} deletes. The cache roots themselves are kept. Unsafe roots are refused first.
 *
 * @param home the user's home folder, which is never emptied
 * @param messages is told what is kept, and why
 */
public record CacheCleaning(CacheConfig config, LockFile lockFile, Path home, Instant now, Messages messages) {
    /**
     * Plans a request.
     *
     * @throws io.github.modelcache.files.deletion.UnsafeRootException when a root must not be emptied
     * @throws LockException when the request needs the lock file, and it is missing or invalid
     * @throws IOException when a root can't be read
     */
    public CleanPlan plan(CleanRequest request) throws IOException, LockException {
        return plan(request, () -> {});
    }

    /** The same; {@code beforeEach} runs before each single deletion. */
    CleanPlan plan(CleanRequest request, Runnable beforeEach) throws IOException, LockException {
        List<CacheRoot> roots = deletable();
        PlannedEntries planned = new PlannedEntries(config.projectRoot(), messages, MountedFolders.of(config));
        SafeDeleter deleter = new SafeDeleter(planned, messages, beforeEach);
        DownloadGuard downloads = new DownloadGuard(messages, now);
        List<Action> actions = new ArrayList<>();
        switch (request.scope()) {
            case STALE ->
                new StaleCleaning(config, roots, lock(request), now, deleter, downloads)
                        .plan(request.olderThan(), actions);
            case METADATA -> new ApplicationCleaning(config, now, deleter).plan(request.olderThan(), actions);
            case UNUSED, MODELS -> models(request, roots, deleter, downloads, actions);
            case ALL -> {
                models(request, roots, deleter, downloads, actions);
                new ApplicationCleaning(config, now, deleter).plan(request.olderThan(), actions);
            }
        }
        return new CleanPlan(new Plan(actions), deleter);
    }

    /** The roots that may be emptied. An unsafe root that an environment variable names is kept; any other is an error. */
    private List<CacheRoot> deletable() throws IOException {
        DirectoryGuard.requireDeletable(new PluginDirectory(config).downloads(), config.projectRoot(), home);
        List<CacheRoot> all = new ArrayList<>(config.roots());
        all.sort(Comparator.comparing(CacheRoot::optional));
        List<CacheRoot> roots = new ArrayList<>();
        DistinctRoots distinct = new DistinctRoots();
        for (CacheRoot root : all) {
            try {
                DirectoryGuard.requireDeletable(root.path(), config.projectRoot(), home);
                distinct.add(root);
                roots.add(root);
            } catch (UnsafeRootException e) {
                if (!root.optional()) {
                    throw e;
                }
                messages.warn("Kept " + root.path() + ": " + e.getMessage());
            }
        }
        return roots;
    }

    private void models(
            CleanRequest request,
            List<CacheRoot> roots,
            SafeDeleter deleter,
            DownloadGuard downloads,
            List<Action> actions)
            throws IOException, LockException {
        Lock lock = lock(request);
        CachedModels models = new CachedModels(config, lock, messages::warn);
        Optional<CacheInventory> inventory = ModelChoice.needsInventory(request)
                ? Optional.of(CacheInventory.take(config, lock, now))
                : Optional.empty();
        ModelChoice choice = new ModelChoice(request, models, deleter.planned()::isPartlyMounted, inventory, now);
        ModelCleaning cleaning = new ModelCleaning(deleter, downloads, now.minus(PartialFiles.ABANDONED));
        for (CacheRoot root : roots) {
            if (root.kind() == CacheRoot.Kind.MODEL) {
                cleaning.plan(models.of(root), choice, actions);
            }
        }
        cleaning.stores(actions);
        if (request.scope().models() && request.whole()) {
            cleaning.downloads(new PluginDirectory(config).downloads(), actions);
        }
    }

    /** The lock file. It must exist and be valid where it decides what is deleted. */
    private Lock lock(CleanRequest request) throws IOException, LockException {
        if (request.scope() == CleanScope.UNUSED && !lockFile.exists()) {
            throw new LockException(
                    "There is no " + lockFile.name() + ", so it is unknown which models are unused",
                    "run mvn cache:lock first, or choose among all models with -Dcache.scope=models");
        }
        boolean decides =
                request.scope() == CleanScope.UNUSED || request.keepSize().isPresent();
        return decides ? lockFile.read() : lockFile.readOrEmpty();
    }
}
