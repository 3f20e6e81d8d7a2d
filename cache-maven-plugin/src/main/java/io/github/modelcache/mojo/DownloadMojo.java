package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.download.DownloadOptions;
import io.github.modelcache.download.ModelDownload;
import io.github.modelcache.model.LockException;
import io.github.modelcache.source.ModelException;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.eclipse.aether.RepositorySystem;

/**
 * Brings every declared model into the layout that its own library reads. The lock is asked first, then the disk, the
 * network last: with a warm cache there is no request. A damaged file is fetched again. SKIP_MODEL_DOWNLOAD=true in the
 * environment skips it.
 */
@Mojo(name = "download", defaultPhase = LifecyclePhase.GENERATE_RESOURCES, requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class DownloadMojo extends AbstractFetchMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.download.skip", defaultValue = "false")
    boolean skipDownload;

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
    void run() throws ConfigException, LockException, ModelException, IOException {
        CacheConfig cache = readConfig();
        DownloadOptions options = new DownloadOptions(workers, frozen, Set.of(), dryRun, command());
        ModelDownload.Result result = fetch(cache, options, ModelDownload::download);
        if (dryRun) {
            return;
        }
        String models =
                result.models() + (result.models() == 1 ? " model, " : " models, ") + ByteSize.format(result.bytes());
        getLog().info(
                        result.fetchedModels() == 0
                                ? models + ": all there"
                                : models + ": fetched " + result.fetchedModels() + " ("
                                        + ByteSize.format(result.fetchedBytes()) + ")");
    }
}
