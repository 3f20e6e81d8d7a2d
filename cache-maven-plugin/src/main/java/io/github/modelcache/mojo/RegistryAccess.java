package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.files.DriveCheck;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.mojo.maven.MavenCredentials;
import io.github.modelcache.oci.DockerCredentials;
import io.github.modelcache.oci.Registries;
import io.github.modelcache.oci.Registry;
import io.github.modelcache.oci.RegistryAddress;
import io.github.modelcache.oci.RegistryCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The registry and its login, from the {@code settings.xml} server of its host or Docker's config. */
final class RegistryAccess {

    private static final Duration DRIVE_PATIENCE = Duration.ofSeconds(10);
    /** Short limits, because there is another source. */
    private static final Duration SHORT_CONNECT = Duration.ofSeconds(3);

    private static final Duration SHORT_IDLE = Duration.ofSeconds(15);
    private static final Duration SHORT_WAIT = Duration.ofSeconds(5);

    private final MavenCredentials servers;
    private final Map<String, String> environment;
    private final Path home;

    RegistryAccess(MavenCredentials servers, Map<String, String> environment, Path home) {
        this.servers = servers;
        this.environment = environment;
        this.home = home;
    }

    /** The registry of this run, from the parameter or the config. */
    static Optional<RegistryAddress> address(@Nullable String typed, CacheConfig config) {
        Optional<String> asked = Optional.ofNullable(typed).filter(text -> !text.isBlank());
        return asked.or(config::registry).map(RegistryAddress::parse);
    }

    /** The registry of this run; fails if there is none. */
    static RegistryAddress required(@Nullable String typed, CacheConfig config) {
        return address(typed, config)
                .orElseThrow(() -> new IllegalArgumentException(
                        "No registry is named. Give one with -Dcache.registry=registry.example.com/models, or"
                                + " as \"registry\" in \"cache\" of the config"));
    }

    /** Options for a registry before other sources. */
    static HttpOptions impatient(HttpOptions options) {
        HttpOptions impatient = new HttpOptions(
                SHORT_CONNECT,
                SHORT_IDLE,
                1,
                options.pause(),
                options.credentials(),
                options.proxies(),
                SHORT_WAIT,
                options.userAgent());
        return impatient
                .withServers(options.servers())
                .withKnown(options.known())
                .withConnections(options.limits().connections());
    }

    Registry open(RegistryAddress address, HttpOptions options) throws IOException {
        if (address.folder().isPresent()) {
            new DriveCheck(DRIVE_PATIENCE).require(List.of(address.folder().get()));
        }
        return Registries.open(address, () -> login(address), options);
    }

    private Optional<RegistryCredentials> login(RegistryAddress address) throws TransferException {
        return servers.authorization(address.server())
                .flatMap(RegistryCredentials::ofHeader)
                .or(() -> new DockerCredentials(dockerConfig())
                        .find(address.server().getRawAuthority()));
    }

    private Path dockerConfig() {
        String named = environment.get("DOCKER_CONFIG");
        Path folder = named == null || named.isBlank() ? home.resolve(".docker") : Path.of(named);
        return folder.resolve("config.json");
    }
}
