package io.github.modelcache.mojo;

import io.github.modelcache.clean.CacheCleaning;
import io.github.modelcache.clean.CleanPlan;
import io.github.modelcache.clean.CleanRequest;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.model.LockException;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Deletes expired entries of application caches and abandoned partial downloads, or more with cache.scope. {@code mvn
 * clean} never deletes a model. Other scopes delete unused models, application caches, all models, or everything. Files
 * that change during the run and files of running downloads are kept.
 */
@Mojo(name = "clean", defaultPhase = LifecyclePhase.CLEAN, requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class CleanMojo extends AbstractChangingMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.clean.skip", defaultValue = "false")
    boolean skipClean;

    /**
     * What to delete: stale (expired entries and abandoned partial downloads), unused (models that are not in the lock
     * file), metadata (application caches), models, or all.
     */
    @Parameter(property = "cache.scope", defaultValue = "stale")
    String scope;

    /** Deletes only files that were not used for this long, such as 30d, 12h or 6mo. */
    @Parameter(property = "cache.olderThan")
    @Nullable
    String olderThan;

    /**
     * Deletes models, least recently used first, until all caches together are not larger than this, such as 10GB or
     * 500MiB.
     */
    @Parameter(property = "cache.keepSize")
    @Nullable
    String keepSize;

    /** Deletes only models whose reference matches one of these comma-separated patterns, such as hf:org/*. */
    @Parameter(property = "cache.include")
    @Nullable
    String include;

    @Override
    Optional<String> skippedBy() {
        return skipClean ? Optional.of("cache.clean.skip") : Optional.empty();
    }

    @Override
    boolean deletes() {
        return true;
    }

    @Override
    void run() throws ConfigException, LockException, IOException {
        CacheConfig cache = readConfig();
        long started = System.nanoTime();
        CleanRequest request = CleanRequest.parse(scope, olderThan, keepSize, include);
        CacheCleaning cleaning = new CacheCleaning(cache, lockFile(), home(), Instant.now(), messages());
        CleanPlan plan = cleaning.plan(request);
        if (dryRun) {
            String command = command("cache.scope", "cache.olderThan", "cache.keepSize", "cache.include");
            print(plan.plan(), command + " " + request.options());
            return;
        }
        long freed = plan.run(messages(), projectRoot());
        getLog().debug("Took " + Duration.ofNanos(System.nanoTime() - started).toMillis() + " ms");
        int entries = plan.plan().actions().size();
        getLog().info(
                        plan.plan().isEmpty()
                                ? "Nothing to clean (" + request.scope().id() + ")"
                                : "Freed " + ByteSize.format(freed) + " ("
                                        + request.scope().id() + ", " + entries
                                        + (entries == 1 ? " entry)" : " entries)"));
    }
}
