package io.github.modelcache.download;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Sources;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Brings every declared model into the layout that its library reads, and pins what was not pinned yet. The lock is
 * asked first, then the disk, the network last.
 */
public final class ModelDownload {

    private final CacheConfig config;
    private final Sources sources;
    private final LockFile lockFile;
    private final ContentDigests digests;
    private final DownloadOptions options;
    private final Messages messages;

    /** A download of the models of one project. */
    public ModelDownload(
            CacheConfig config,
            Sources sources,
            LockFile lockFile,
            ContentDigests digests,
            DownloadOptions options,
            Messages messages) {
        this.config = config;
        this.sources = sources;
        this.lockFile = lockFile;
        this.digests = digests;
        this.options = options;
        this.messages = messages;
    }

    /**
     * What a run has done.
     *
     * @param models declared models that are there now
     * @param bytes the size of their files
     * @param fetchedModels how many of them were fetched
     * @param fetchedBytes their size
     * @param left optional models that could not be fetched
     * @param before the lock as it was
     * @param after the lock as it is
     */
    public record Result(
            int models, long bytes, int fetchedModels, long fetchedBytes, int left, Lock before, Lock after) {}

    /**
     * Fetches what is missing of every declared model.
     *
     * @throws ModelException when a model that is not optional cannot be fetched; the others are fetched all the same
     * @throws LockException when the lock can't be read
     * @throws IOException when the disk fails
     */
    public Result download() throws ModelException, LockException, IOException {
        return run(false);
    }

    /**
     * Pins every declared model, and fetches only those whose digest nothing but their content tells.
     *
     * @throws ModelException when a model that is not optional can't be resolved
     * @throws LockException when the lock can't be read
     * @throws IOException when the disk fails
     */
    public Result lock() throws ModelException, LockException, IOException {
        return run(true);
    }

    private Result run(boolean pinOnly) throws ModelException, LockException, IOException {
        Lock before = lockFile.read();
        DownloadFailures problems = new DownloadFailures(
                messages,
                config.projectRoot(),
                config.models().stream().map(ModelDeclaration::version).toList());
        ExecutorService workers = Executors.newFixedThreadPool(options.requests(), DownloadThreads.NAMED);
        try (EarlyFetches early = new EarlyFetches(options.workers())) {
            ModelResolver resolver = new ModelResolver(sources, before, options);
            DownloadPlanner planner =
                    new DownloadPlanner(config, sources, digests, resolver, problems, workers, early, messages);
            DownloadPlanner.Outcome outcome = planner.plan(pinOnly, options.dryRun(), lockFile);
            LibraryArrangement libraries = new LibraryArrangement(config, digests);
            if (options.dryRun()) {
                Plan plan = pinOnly ? outcome.plan() : outcome.plan().and(libraries.plan(before));
                plan.print(messages, config.projectRoot(), options.command(), options.limit());
                problems.rethrow();
                return outcome.result(before, 0, problems.optional());
            }
            long fetched = outcome.plan().run(messages, config.projectRoot(), options.workers());
            if (!pinOnly) {
                libraries.plan(lockFile.read()).run(messages, config.projectRoot(), 1);
            }
            problems.rethrow();
            return outcome.result(before, fetched, problems.optional());
        } finally {
            workers.shutdownNow();
        }
    }
}
