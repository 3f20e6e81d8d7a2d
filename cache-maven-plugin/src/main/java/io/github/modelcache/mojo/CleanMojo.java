package io.github.modelcache.mojo;

import io.github.modelcache.clean.CacheCleaning;
import io.github.modelcache.clean.CleanScope;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Frees space. Without a scope only what is stale goes: expired entries of application caches and abandoned partial
 * downloads, so that {@code mvn clean} never costs a model.
 */
@Mojo(name = "clean", defaultPhase = LifecyclePhase.CLEAN, requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class CleanMojo extends AbstractCacheMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.clean.skip", defaultValue = "false")
    boolean skipClean;

    /** Prints what would be deleted, and deletes nothing. */
    @Parameter(property = "cache.dryRun", defaultValue = "false")
    boolean dryRun;

    /** What goes: stale, metadata (application caches), models (model caches), or all. */
    @Parameter(property = "cache.scope", defaultValue = "stale")
    String scope;

    @Override
    Optional<String> skippedBy() {
        return skipClean ? Optional.of("cache.clean.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, IOException {
        CacheConfig cache = readConfig();
        CleanScope chosen = CleanScope.parse(scope);
        Plan plan = new CacheCleaning(cache, home(), Instant.now()).plan(chosen);
        if (dryRun) {
            plan.print(messages(), projectRoot(), command() + " -Dcache.scope=" + chosen.id());
            return;
        }
        long freed = plan.run(messages(), projectRoot(), 1);
        getLog().info(
                        plan.isEmpty()
                                ? "Nothing to clean (" + chosen.id() + ")"
                                : "Freed " + ByteSize.format(freed) + " (" + chosen.id() + ", "
                                        + plan.actions().size()
                                        + (plan.actions().size() == 1 ? " entry)" : " entries)"));
    }
}
