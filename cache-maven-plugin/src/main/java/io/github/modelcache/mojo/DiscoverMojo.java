package io.github.modelcache.mojo;

import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.config.ModelAdditions;
import io.github.modelcache.discover.DiscoverJson;
import io.github.modelcache.discover.DiscoverText;
import io.github.modelcache.discover.DiscoveredModel;
import io.github.modelcache.discover.Discovery;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.LockException;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Finds the models that the project's sources, configs and old caches use, and proposes entries for cache.models. Models
 * of services such as OpenAI are not proposed. Makes no request.
 * Example: mvn cache:discover -Dcache.discover.write=true
 */
@Mojo(name = "discover", requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class DiscoverMojo extends AbstractChangingMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.discover.skip", defaultValue = "false")
    boolean skipDiscover;

    /** Adds the models that the program certainly loads by default to cache.models of the config. */
    @Parameter(property = "cache.discover.write", defaultValue = "false")
    boolean write;

    /** Output format: text, or json, which is written to standard output without Maven's prefixes. */
    @Parameter(property = "cache.format", defaultValue = "text")
    String format;

    @Override
    Optional<String> skippedBy() {
        return skipDiscover ? Optional.of("cache.discover.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, LockException, IOException {
        OutputFormat output = OutputFormat.parse(format);
        CacheConfig cache = readConfig();
        Discovery.Result result =
                new Discovery(cache, lockFile().read(), new ExternalCaches(cache, home(), System.getenv())).find();
        JsonObject json = DiscoverJson.of(result);
        new Reports(session, cache, messages()).write("discover.json", json);
        if (output == OutputFormat.JSON) {
            printRaw(JsonWriter.write(json));
        } else if (!write) {
            printLines(new DiscoverText(projectRoot(), limit).lines(result));
        }
        if (write) {
            declare(cache, result.toDeclare());
        }
    }

    private void declare(CacheConfig cache, List<DiscoveredModel> models) throws ConfigException, IOException {
        if (models.isEmpty()) {
            getLog().info("Nothing to add: no undeclared model was found with certainty");
            return;
        }
        String text = ModelAdditions.added(
                projectRoot(),
                configFile(),
                models.stream().map(DiscoveredModel::entry).toList());
        String count = Words.count(models.size(), "model");
        Plan plan =
                new Plan(List.of(Action.Write.text(configFile(), "declares " + count, text, StandardCharsets.UTF_8)));
        for (DiscoveredModel model : models) {
            (dryRun ? dryRunMessages() : messages())
                    .info((dryRun ? "Would declare " : "Declared ") + JsonWriter.line(model.entry()));
        }
        if (dryRun) {
            print(plan, command());
            return;
        }
        plan.run(messages(), projectRoot(), 1);
        getLog().info("Wrote " + Plan.name(projectRoot(), cache.file()));
    }
}
