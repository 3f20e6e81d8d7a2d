package io.github.modelcache.mojo;

import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.LockException;
import io.github.modelcache.status.CacheStatus;
import io.github.modelcache.status.ModelSelection;
import io.github.modelcache.status.StatusCollector;
import io.github.modelcache.status.StatusJson;
import io.github.modelcache.status.StatusText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Shows what is in the caches: the size of each root and each model, the time of last use, the budget, and the space
 * that cache:clean would free.
 * Example: mvn cache:status -Dcache.sort=name -Dcache.limit=10
 */
@Mojo(name = "status", requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class StatusMojo extends AbstractCacheMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.status.skip", defaultValue = "false")
    boolean skipStatus;

    /** Output format: text, or json, which is written to standard output without Maven's prefixes. */
    @Parameter(property = "cache.format", defaultValue = "text")
    String format;

    /** Order of the models: size (largest first), name, or used (least recently used first). */
    @Parameter(property = "cache.sort", defaultValue = "size")
    String sort;

    /** Number of models to list. 0 lists all. */
    @Parameter(property = "cache.limit", defaultValue = "0")
    int limit;

    /** Lists only models whose reference matches one of these comma-separated patterns, such as hf:org/*. */
    @Parameter(property = "cache.include")
    @Nullable
    String include;

    @Override
    Optional<String> skippedBy() {
        return skipStatus ? Optional.of("cache.status.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, LockException, IOException {
        OutputFormat output = OutputFormat.parse(format);
        ModelSelection selection =
                ModelSelection.parse(sort, limit, given(include).orElse(""));
        CacheConfig cache = readConfig();
        Reports reports = new Reports(session, cache, messages());
        Instant now = Instant.now();
        long started = System.nanoTime();
        CacheStatus status = new StatusCollector(
                        cache,
                        lockFile().read(),
                        now,
                        reports.size(),
                        Optional.of(new ExternalCaches(cache, home(), System.getenv())))
                .collect();
        getLog().debug("Took " + Duration.ofNanos(System.nanoTime() - started).toMillis() + " ms");
        reports.write("status.json", StatusJson.of(status));
        if (output == OutputFormat.JSON) {
            printRaw(JsonWriter.write(StatusJson.of(status, selection)));
        } else {
            printLines(new StatusText(ZoneId.systemDefault(), Colours.wanted(session), now).lines(status, selection));
        }
    }
}
