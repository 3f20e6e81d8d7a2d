package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.outdated.CheckedModel;
import io.github.modelcache.outdated.OutdatedJson;
import io.github.modelcache.outdated.OutdatedModels;
import io.github.modelcache.outdated.OutdatedText;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.eclipse.aether.RepositorySystem;

/**
 * Shows which locked models have newer versions: commit, date, bytes to fetch, licence then and now. Fetches no model and
 * changes nothing; cache:lock with cache.update pins newer versions.
 * Example: mvn cache:outdated -Dcache.format=json
 */
@Mojo(name = "outdated", requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class OutdatedMojo extends AbstractFetchMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.outdated.skip", defaultValue = "false")
    boolean skipOutdated;

    /** Output format: text, or json, which is written to standard output without Maven's prefixes. */
    @Parameter(property = "cache.format", defaultValue = "text")
    String format;

    /** Called by Maven. */
    @Inject
    public OutdatedMojo(RepositorySystem repositorySystem, SettingsDecrypter decrypter) {
        super(repositorySystem, decrypter);
    }

    @Override
    Optional<String> skippedBy() {
        return skipOutdated ? Optional.of("cache.outdated.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, LockException, IOException {
        OutputFormat output = OutputFormat.parse(format);
        if (workers < 1) {
            throw new IllegalArgumentException("cache.workers is " + workers + ", expected 1 or more");
        }
        CacheConfig cache = readConfig();
        Lock lock = lockFile().read();
        List<CheckedModel> models =
                ask(cache, sources -> new OutdatedModels(sources, offline(), workers).check(lock, cache.models()));
        JsonObject json = OutdatedJson.of(models);
        new Reports(session, cache, messages()).write("outdated.json", json);
        if (output == OutputFormat.JSON) {
            printRaw(JsonWriter.write(json));
        } else {
            printLines(OutdatedText.lines(models));
        }
    }
}
