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
 * Deletes what is stale: expired entries of application caches and abandoned partial downloads, so that {@code mvn
 * clean} never costs a model. Other scopes delete models that are not in the lock, application caches, models, or all of
 * it; filters narrow them. What changes while it works stays, and so does what a running download holds.
 */
@Mojo(name = "clean", defaultPhase = LifecyclePhase.CLEAN, requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class CleanMojo extends AbstractChangingMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.clean.skip", defaultValue = "false")
    boolean skipClean;

    /** What goes: stale, unused (models not in the lock), metadata (application caches), models, or all. */
    @Parameter(property = "cache.scope", defaultValue = "stale")
    String scope;

    /** Deletes only what was not used for this long: 30d, 12h, 6mo. */
    @Parameter(property = "cache.olderThan")
    @Nullable
    String olderThan;

    /** Deletes models, the least recently used first, until the caches hold at most this: 10GB, 500MiB. */
    @Parameter(property = "cache.keepSize")
    @Nullable
    String keepSize;

    /** Deletes only models whose reference fits: patterns with commas between them, such as hf:org/*. */
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
