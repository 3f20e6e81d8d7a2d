package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.generate.Generation;
import io.github.modelcache.inventory.NamedModel;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.mojo.maven.OncePerReactor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.eclipse.aether.RepositorySystem;
import org.jspecify.annotations.Nullable;

/**
 * Fetches each declared model that is missing or damaged, and stores it where its library looks for it. Files come from
 * the registry, if one is configured, otherwise from the model's source. If the cache matches the lock file, no request
 * is made. The environment variable SKIP_MODEL_DOWNLOAD=true skips the goal.
 * Example: mvn cache:download cache:verify
 */
@Mojo(name = "download", defaultPhase = LifecyclePhase.GENERATE_RESOURCES, requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class DownloadMojo extends AbstractFetchMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.download.skip", defaultValue = "false")
    boolean skipDownload;

    /**
     * Registry to try before the models' sources: an address such as registry.example.com/models, or a folder such as
     * file:///mnt/nas/models. Default: registry in the config. A registry that fails is a warning.
     */
    @Parameter(property = "cache.registry")
    @Nullable
    String registry;

    /** Uses only the registry, never the models' sources. */
    @Parameter(property = "cache.registry.only", defaultValue = "false")
    boolean registryOnly;

    /** Called by Maven. */
    @Inject
    public DownloadMojo(RepositorySystem repositorySystem, SettingsDecrypter decrypter) {
        super(repositorySystem, decrypter);
    }

    @Override
    Optional<String> skippedBy() {
        if (skipDownload) {
            return Optional.of("cache.download.skip");
        }
        boolean unwanted = Boolean.parseBoolean(System.getenv("SKIP_MODEL_DOWNLOAD"));
        return unwanted ? Optional.of("SKIP_MODEL_DOWNLOAD=true") : Optional.empty();
    }

    @Override
    Optional<PreferredRegistry> preferredRegistry(CacheConfig cache) {
        return registryOnly
                ? Optional.of(new PreferredRegistry(RegistryAccess.required(registry, cache), Optional.empty(), true))
                : RegistryAccess.address(registry, cache)
                        .map(address -> new PreferredRegistry(address, Optional.empty(), false));
    }

    @Override
    void run() throws ConfigException, LockException, ModelException, IOException {
        CacheConfig cache = readConfig();
        List<NamedModel> before = NamedModel.of(cache, Lock.EMPTY); // fails on duplicate names before it fetches
        fetchDeclared(cache);
        if (!before.isEmpty()) {
            publication()
                    .publish(Publication.paths(NamedModel.of(cache, lockFile().read())));
        }
    }

    @Override
    void everyModule(OncePerReactor reactor) {
        publication().publishAgain().filter(published -> !dryRun).ifPresent(published -> {
            try {
                Generation.update(buildFolder().resolve(Generation.PROPERTIES), published);
            } catch (IOException e) {
                messages().warn(IoErrors.message(e, projectRoot()));
            }
        });
    }
}
