package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.download.DownloadOptions;
import io.github.modelcache.download.ModelDownload;
import io.github.modelcache.inventory.ContentDigests;
import io.github.modelcache.io.HttpOptions;
import io.github.modelcache.io.HttpTransfer;
import io.github.modelcache.layout.OwnFiles;
import io.github.modelcache.model.LockException;
import io.github.modelcache.source.MavenSource;
import io.github.modelcache.source.Mirrors;
import io.github.modelcache.source.ModelException;
import io.github.modelcache.source.Sources;
import io.github.modelcache.source.UrlSource;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.eclipse.aether.RepositorySystem;

/** What the goals share that may have to fetch a model. */
@SuppressWarnings("NullAway.Init")
abstract class AbstractFetchMojo extends AbstractCacheMojo {

    private final RepositorySystem repositorySystem;
    private final SettingsDecrypter decrypter;

    /** Prints what would be done, and does nothing. */
    @Parameter(property = "cache.dryRun", defaultValue = "false")
    boolean dryRun;

    /** How many files are fetched at once. */
    @Parameter(property = "cache.workers", defaultValue = "2")
    int workers;

    /** Requires that the lock covers every declared model already; nothing is resolved. */
    @Parameter(property = "cache.frozen", defaultValue = "false")
    boolean frozen;

    AbstractFetchMojo(RepositorySystem repositorySystem, SettingsDecrypter decrypter) {
        this.repositorySystem = repositorySystem;
        this.decrypter = decrypter;
    }

    /** One call into the feature. */
    @FunctionalInterface
    interface Fetching {
        ModelDownload.Result run(ModelDownload download) throws ModelException, LockException, IOException;
    }

    final ModelDownload.Result fetch(CacheConfig cache, DownloadOptions options, Fetching fetching)
            throws ModelException, LockException, IOException {
        OwnFiles own = new OwnFiles(cache);
        try (ContentDigests digests = new ContentDigests(own.stampIndex(), false, Clock.systemUTC())) {
            try {
                return fetching.run(new ModelDownload(cache, sources(cache), lockFile(), digests, options, messages()));
            } finally {
                if (!dryRun) {
                    digests.save();
                }
            }
        }
    }

    private Sources sources(CacheConfig cache) {
        String agent = "cache-maven-plugin/" + execution.getVersion();
        HttpOptions http = HttpOptions.standard(agent)
                .withCredentials(new MavenCredentials(session, decrypter))
                .withProxies(new MavenProxies(session));
        return new Sources(Map.of(
                "maven",
                new MavenSource(new MavenArtifactResolver(repositorySystem, session)),
                "url",
                new UrlSource(
                        new HttpTransfer(http),
                        new Mirrors(cache.mirrors()),
                        offline(),
                        () -> new MavenProgress(session))));
    }
}
