package io.github.modelcache.mojo;

import io.github.modelcache.clean.CacheCleaning;
import io.github.modelcache.clean.CleanPlan;
import io.github.modelcache.clean.CleanRequest;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.LockException;
import io.github.modelcache.plan.PlanJson;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.Words;
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
 * clean} never deletes a model. Files that change during the run and files of running downloads are kept.
 * Example: mvn cache:clean -Dcache.scope=unused -Dcache.dryRun=true
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

    /** Deletes only this model, such as hf:org/name. The scope is then models, if no other one is named. */
    @Parameter(property = "cache.model")
    @Nullable
    String model;

    /** Output format: text, or json, which is written to standard output without Maven's prefixes. */
    @Parameter(property = "cache.format", defaultValue = "text")
    String format;

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
        OutputFormat output = OutputFormat.parseBesideOthers(format);
        CleanRequest request = request();
        CacheCleaning cleaning = new CacheCleaning(cache, lockFile(), home(), Instant.now(), messages());
        CleanPlan plan = cleaning.plan(request);
        if (dryRun && output == OutputFormat.TEXT) {
            String command =
                    command("cache.scope", "cache.olderThan", "cache.keepSize", "cache.include", "cache.model");
            print(plan.plan(), command + " " + request.options());
            return;
        }
        long freed = dryRun ? plan.bytes() : plan.run(messages(), projectRoot());
        getLog().debug("Took " + Duration.ofNanos(System.nanoTime() - started).toMillis() + " ms");
        if (output == OutputFormat.JSON) {
            printRaw(JsonWriter.write(PlanJson.of(plan.plan(), projectRoot(), dryRun, freed)));
        } else {
            printSummary(request, plan, freed);
        }
    }

    private CleanRequest request() {
        Optional<String> one = given(model);
        if (one.isPresent() && given(include).isPresent()) {
            throw new IllegalArgumentException("cache.model and cache.include are both set; name one of them");
        }
        return one.isPresent()
                ? CleanRequest.ofModel(scope, olderThan, keepSize, one.get())
                : CleanRequest.parse(scope, olderThan, keepSize, include);
    }

    private void printSummary(CleanRequest request, CleanPlan plan, long freed) {
        int entries = plan.plan().actions().size();
        if (entries > 0) {
            getLog().info("Freed " + ByteSize.format(freed) + " ("
                    + request.scope().id() + ", " + Words.count(entries, "entry") + ")");
        } else if (given(model).isPresent()) {
            messages()
                    .info("Nothing to clean: " + given(model).get()
                            + " is not in the cache, or is kept; mvn cache:status lists what is there");
        } else {
            getLog().info("Nothing to clean (" + request.scope().id() + ")");
        }
    }
}
