package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.model.LockException;
import io.github.modelcache.oci.RegistryAddress;
import java.io.IOException;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.eclipse.aether.RepositorySystem;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the locked models from an OCI registry, or from a folder with an OCI layout, and from nowhere else. Every
 * file is checked against the lock file.
 */
@Mojo(name = "pull", requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class PullMojo extends AbstractFetchMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.pull.skip", defaultValue = "false")
    boolean skipPull;

    /**
     * The registry: an address such as registry.example.com/models, or a folder such as file:///mnt/nas/models.
     * Default: registry in the config.
     */
    @Parameter(property = "cache.registry")
    @Nullable
    String registry;

    /**
     * An image that cache:push -Dcache.push.format=image made, such as team/models:1.0, below the registry's address.
     * Default: each model's own artifact, then the image of all models in the lock file.
     */
    @Parameter(property = "cache.image")
    @Nullable
    String image;

    /** Called by Maven. */
    @Inject
    public PullMojo(RepositorySystem repositorySystem, SettingsDecrypter decrypter) {
        super(repositorySystem, decrypter);
    }

    @Override
    Optional<String> skippedBy() {
        return skipPull ? Optional.of("cache.pull.skip") : Optional.empty();
    }

    @Override
    Optional<PreferredRegistry> preferredRegistry(CacheConfig cache) {
        RegistryAddress address = RegistryAccess.required(registry, cache);
        return Optional.of(new PreferredRegistry(address, given(image), true));
    }

    @Override
    void run() throws ConfigException, LockException, ModelException, IOException {
        fetchDeclared(readConfig());
    }
}
