package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.mojo.maven.MavenCredentials;
import io.github.modelcache.mojo.maven.SettingsSecrets;
import io.github.modelcache.serve.HubServer;
import io.github.modelcache.units.TextSanitizer;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.Properties;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.jspecify.annotations.Nullable;

/**
 * Serves the locked models as a model hub, read-only, for tests, docker builds and programs that only know HF_ENDPOINT.
 * Fetches nothing: what is not locked is answered with 404. On the command line it serves until Ctrl-C. Bound to a phase
 * it serves in the background until the build ends, and publishes its address as cache.serve.url and
 * cache.env.HF_ENDPOINT.
 */
@Mojo(name = "serve", defaultPhase = LifecyclePhase.PRE_INTEGRATION_TEST, requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class ServeMojo extends AbstractCacheMojo {

    private static final int FOREGROUND_PORT = 8080;

    private final SettingsDecrypter decrypter;

    /** Skips this goal. */
    @Parameter(property = "cache.serve.skip", defaultValue = "false")
    boolean skipServe;

    /** The address to listen at. 0.0.0.0 or :: lets other machines and containers read the models. */
    @Parameter(property = "cache.serve.host", defaultValue = "127.0.0.1")
    String host;

    /** The port to listen at; 0 is a free port. Default: 8080 until Ctrl-C, a free port in the background. */
    @Parameter(property = "cache.serve.port")
    @Nullable
    Integer port;

    /** Continues the build while it serves. Default: true in a phase of the build, false on the command line. */
    @Parameter(property = "cache.serve.background")
    @Nullable
    Boolean background;

    /** Stops the server that an earlier execution in this module has started in the background. */
    @Parameter(property = "cache.serve.stop", defaultValue = "false")
    boolean stop;

    /** The server in settings.xml whose password clients must send as their token. Default: clients need no token. */
    @Parameter(property = "cache.serve.serverId")
    @Nullable
    String serverId;

    /** Maven injects its services. */
    @Inject
    public ServeMojo(SettingsDecrypter decrypter) {
        this.decrypter = decrypter;
    }

    @Override
    Optional<String> skippedBy() {
        return skipServe ? Optional.of("cache.serve.skip") : Optional.empty();
    }

    @Override
    boolean inEachModule() {
        return true;
    }

    @Override
    void run() throws ConfigException, LockException, IOException {
        RunningHubs hubs = RunningHubs.of(session);
        if (stop) {
            hubs.stop(projectRoot(), buildFolder());
            return;
        }
        boolean behind = background == null ? execution.getSource() == MojoExecution.Source.LIFECYCLE : background;
        int wanted = port == null ? (behind ? 0 : FOREGROUND_PORT) : port;
        HubServer.Options options = new HubServer.Options(host.strip(), wanted, token());
        if (behind) {
            HubServer hub = hubs.start(projectRoot(), buildFolder(), options, () -> start(options));
            publish(hub.url());
            return;
        }
        try (HubServer hub = start(options)) {
            messages().info("In another shell: export HF_ENDPOINT=" + hub.url() + "   (Ctrl-C stops the server)");
            hub.await();
        }
    }

    private Optional<String> token() throws IOException {
        if (given(serverId).isEmpty()) {
            return Optional.empty();
        }
        String id = given(serverId).get();
        SettingsSecrets secrets = new SettingsSecrets(session.getSettings(), decrypter);
        Optional<String> password = new MavenCredentials(secrets).password(id);
        if (password.isEmpty()) {
            throw new IllegalArgumentException("cache.serve.serverId is '" + TextSanitizer.text(id)
                    + "', but settings.xml has no server with this id and a password; add it, or remove"
                    + " cache.serve.serverId to serve without a token");
        }
        return password;
    }

    private HubServer start(HubServer.Options options) throws ConfigException, LockException, IOException {
        CacheConfig cache = readConfig();
        Lock lock = lockFile().read();
        HubServer hub = HubServer.start(cache, lock, options, messages());
        messages()
                .info("Serving " + Words.count(hub.models(), "model") + " at " + hub.url() + " (read-only"
                        + (options.token().isEmpty() ? ")" : ", with a token)"));
        if (hub.models() == 0) {
            messages()
                    .warn(
                            "The lock file has no model of the model hub, so every request is answered with 404. Declare one"
                                    + " as hf:org/name in " + config + " and run mvn cache:download");
        }
        if (!hub.isLocal() && options.token().isEmpty()) {
            messages()
                    .warn(
                            "Everybody who reaches this machine can read the models. To require a token, add a server with a"
                                    + " password to settings.xml and set cache.serve.serverId to its id");
        }
        return hub;
    }

    private void publish(URI url) {
        Properties properties = new Properties();
        properties.setProperty("cache.serve.url", url.toString());
        properties.setProperty("cache.env.HF_ENDPOINT", url.toString());
        publication().publish(properties);
    }
}
