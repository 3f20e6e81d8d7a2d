package io.github.modelcache.mojo;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.catalog.ModelFamilies;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.download.DownloadOptions;
import io.github.modelcache.download.ModelDownload;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.SourceContext;
import io.github.modelcache.family.Sources;
import io.github.modelcache.http.CountedTransfer;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.LockException;
import io.github.modelcache.mojo.maven.MavenArtifactResolver;
import io.github.modelcache.mojo.maven.MavenCredentials;
import io.github.modelcache.mojo.maven.MavenProxies;
import io.github.modelcache.mojo.maven.MavenServers;
import io.github.modelcache.mojo.maven.SettingsSecrets;
import io.github.modelcache.oci.Registry;
import io.github.modelcache.oci.RegistryAddress;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.progress.Activity;
import io.github.modelcache.registry.RegistrySource;
import io.github.modelcache.registry.image.ImagePull;
import io.github.modelcache.registry.image.ImageSelection;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.Words;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.eclipse.aether.RepositorySystem;
import org.jspecify.annotations.Nullable;

/** The base of goals that fetch models. */
@SuppressWarnings("NullAway.Init")
abstract class AbstractFetchMojo extends AbstractChangingMojo {

    private final RepositorySystem repositorySystem;
    private final SettingsDecrypter decrypter;

    /** Number of parallel connections, for all models together. */
    @Parameter(property = "cache.workers", defaultValue = "16")
    int workers;

    /** URL of the model hub or of a mirror. Default: HF_ENDPOINT, then https://huggingface.co. */
    @Parameter(property = "cache.endpoint")
    @Nullable
    String endpoint;

    /**
     * Id of the settings.xml server whose password is the token for the model hub. Without that server: HF_TOKEN, then
     * the hub's token file.
     */
    @Parameter(property = "cache.serverId", defaultValue = "huggingface")
    String serverId;

    AbstractFetchMojo(RepositorySystem repositorySystem, SettingsDecrypter decrypter) {
        this.repositorySystem = repositorySystem;
        this.decrypter = decrypter;
    }

    /** One call of the feature. */
    @FunctionalInterface
    interface Fetching {
        ModelDownload.Result run(ModelDownload download) throws ModelException, LockException, IOException;
    }

    final ModelDownload.Result fetch(CacheConfig cache, DownloadOptions options, Fetching fetching)
            throws ModelException, LockException, IOException {
        Messages told = dryRun ? dryRunMessages() : messages();
        try (ContentDigests digests = digests(cache);
                OpenSources open = open(cache)) {
            try {
                return fetching.run(new ModelDownload(cache, open.sources(), lockFile(), digests, options, told));
            } finally {
                if (!dryRun) {
                    digests.save();
                }
            }
        }
    }

    /** A question to the sources of models. */
    @FunctionalInterface
    interface Question<T> {
        T ask(Sources sources) throws LockException, IOException;
    }

    final <T> T ask(CacheConfig cache, Question<T> question) throws LockException, IOException {
        try (OpenSources open = open(cache)) {
            return question.ask(open.sources());
        }
    }

    /** The sources of models, and the connections that they use. */
    private record OpenSources(Sources sources, List<Closeable> connections) implements Closeable {
        @Override
        public void close() throws IOException {
            for (Closeable each : connections) {
                each.close();
            }
        }
    }

    /**
     * A registry before the models' own sources.
     *
     * @param image the image that the user named
     * @param only whether the sources are excluded
     */
    record PreferredRegistry(RegistryAddress address, Optional<String> image, boolean only) {}

    /** The registry that this goal tries first. */
    Optional<PreferredRegistry> preferredRegistry(CacheConfig cache) {
        return Optional.empty();
    }

    /** Fetches the missing files of the declared models, and prints a summary. */
    final void fetchDeclared(CacheConfig cache) throws ModelException, LockException, IOException {
        DownloadOptions options = new DownloadOptions(workers, frozen, Set.of(), dryRun, command(), limit);
        ModelDownload.Result result = fetch(cache, options, ModelDownload::download);
        if (dryRun) {
            return;
        }
        if (result.models() == 0) {
            getLog().info("No models declared");
            return;
        }
        String models = Words.count(result.models(), "model") + ", " + ByteSize.format(result.bytes());
        String fetched = "fetched " + result.fetchedModels() + " (" + ByteSize.format(result.fetchedBytes()) + ")";
        String missing =
                Words.count(result.left(), "optional model") + (result.left() == 1 ? " is" : " are") + " missing";
        if (result.left() == 0) {
            getLog().info(models + ": " + (result.fetchedModels() == 0 ? "up to date" : fetched));
        } else {
            getLog().info(models + ": " + (result.fetchedModels() == 0 ? "" : fetched + ", ") + missing);
        }
    }

    private OpenSources open(CacheConfig cache) throws IOException {
        List<Closeable> connections = new ArrayList<>();
        String agent = "cache-maven-plugin/" + execution.getVersion();
        SettingsSecrets secrets = new SettingsSecrets(session.getSettings(), decrypter);
        MavenCredentials servers = new MavenCredentials(secrets);
        HubCredentials hub = new HubCredentials(
                endpoint, servers, () -> servers.password(serverId), System.getenv(), home(), messages()::warn);
        HttpOptions options = HttpOptions.standard(agent)
                .withProxies(new MavenProxies(session, secrets))
                .withServers(new MavenServers(session.getSettings()))
                .withKnown(servers())
                .withConnections(workers);
        HttpTransfer transfer = new HttpTransfer(options.withCredentials(hub));
        connections.add(transfer::close);
        Sources sources = ModelFamilies.sources(new SourceContext(
                cache,
                new MavenArtifactResolver(repositorySystem, session),
                transfer,
                hub.endpoint(),
                offline(),
                this::transfer,
                messages()::warn));
        try {
            Optional<PreferredRegistry> first = preferredRegistry(cache);
            return new OpenSources(
                    first.isPresent() ? wrapped(first.get(), cache, sources, servers, options, connections) : sources,
                    connections);
        } catch (IOException | RuntimeException e) {
            new OpenSources(sources, connections).close();
            throw e;
        }
    }

    private TransferProgress transfer() {
        return new CountedTransfer(messages().progress(), Activity.DOWNLOADING);
    }

    private Sources wrapped(
            PreferredRegistry first,
            CacheConfig cache,
            Sources sources,
            MavenCredentials servers,
            HttpOptions options,
            List<Closeable> connections)
            throws IOException {
        RegistryAddress address = first.address();
        if (offline() && address.folder().isEmpty()) {
            return first.only() ? sources.wrapped(origin -> RegistrySource.unasked(address)) : sources;
        }
        Registry registry = new RegistryAccess(servers, System.getenv(), home())
                .open(address, first.only() ? options : RegistryAccess.impatient(options));
        connections.add(registry);
        RegistrySource asked = new RegistrySource(
                registry,
                address,
                new ImagePull(
                        registry,
                        address,
                        first.image().isPresent(),
                        () -> ImageSelection.name(address, first.image(), cache, lockFile()),
                        new Layouts(cache)),
                first.only(),
                messages(),
                this::transfer);
        return sources.wrapped(asked::before);
    }
}
