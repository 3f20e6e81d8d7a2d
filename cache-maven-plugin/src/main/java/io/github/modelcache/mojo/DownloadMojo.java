package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.model.LockException;
import io.github.modelcache.source.ModelException;
import java.io.IOException;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.eclipse.aether.RepositorySystem;
import org.jspecify.annotations.Nullable;

/**
 * Brings every declared model into the layout that its own library reads. The lock is asked first, then the disk, then
 * the registry if there is one, the models' own sources last: with a warm cache there is no request. A damaged file is fetched again. SKIP_MODEL_DOWNLOAD=true in the
 * environment skips it.
 */
@Mojo(name = "download", defaultPhase = LifecyclePhase.GENERATE_RESOURCES, requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class DownloadMojo extends AbstractFetchMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.download.skip", defaultValue = "false")
    boolean skipDownload;

    /**
     * The registry to ask before the models' own sources, such as registry.example.com/models, or a folder, such as
     * file:///mnt/nas/models; otherwise "registry" in the config. One that can't be used is a warning.
     */
    @Parameter(property = "cache.registry")
    @Nullable
    String registry;

    /** Asks the registry only, never the models' own sources. */
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
    Optional<AskedFirst> askedFirst(CacheConfig cache) {
        return registryOnly
                ? Optional.of(new AskedFirst(RegistryAccess.required(registry, cache), true))
                : RegistryAccess.address(registry, cache).map(address -> new AskedFirst(address, false));
    }

    @Override
    void run() throws ConfigException, LockException, ModelException, IOException {
        bring(readConfig());
    }
}
