package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.families.ExternalCaches;
import io.github.modelcache.inventory.usage.SizeRecord;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.LockException;
import io.github.modelcache.status.CacheStatus;
import io.github.modelcache.status.StatusCollector;
import io.github.modelcache.status.StatusJson;
import io.github.modelcache.status.StatusText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Shows what is in the caches: the size of each root and each model, the time of last use, the budget, and the space
 * that cache:clean would free.
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

    @Override
    Optional<String> skippedBy() {
        return skipStatus ? Optional.of("cache.status.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, LockException, IOException {
        if (!format.equals("text") && !format.equals("json")) {
            throw new IllegalArgumentException("cache.format is '" + format + "', expected text or json");
        }
        CacheConfig cache = readConfig();
        Optional<SizeRecord> before = new Reports(session, cache, messages()).size();
        long started = System.nanoTime();
        CacheStatus status = new StatusCollector(
                        cache,
                        lockFile().read(),
                        Instant.now(),
                        before,
                        Optional.of(new ExternalCaches(cache, home(), System.getenv())))
                .collect();
        getLog().debug("Took " + Duration.ofNanos(System.nanoTime() - started).toMillis() + " ms");
        JsonObject json = StatusJson.of(status);
        new Reports(session, cache, messages()).write("status.json", json);
        printRaw(
                format.equals("json")
                        ? JsonWriter.write(json)
                        : new StatusText(ZoneId.systemDefault(), Colours.wanted(session))
                                .lines(status).stream()
                                        .map(line -> commands().apply(line) + System.lineSeparator())
                                        .collect(Collectors.joining()));
    }
}
